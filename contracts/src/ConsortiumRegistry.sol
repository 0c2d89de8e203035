// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who belongs to a consortium
/// @notice Holds the founding charter: the federation, the hash of the agreement the members signed, the accounts and the SHA-256
/// digests of the ML-DSA public keys that their records are verified with. Nothing personal, no names. Fixed when deployed.
contract ConsortiumRegistry {
    enum Role { None, Member, Coordinator }
    enum Status { None, Active }

    /// @param role What the account may do.
    /// @param status Whether it may do it now.
    /// @param signingKeyHash SHA-256 of the account holder's ML-DSA public key.
    struct Party {
        Role role;
        Status status;
        bytes32 signingKeyHash;
    }

    /// @notice What tells this federation from every other.
    bytes32 public immutable federationId;
    /// @notice SHA-256 of the consortium agreement.
    bytes32 public immutable agreementHash;
    /// @notice The account that opens and closes rounds. It is never a member.
    address public immutable coordinator;

    address[] private _members;
    mapping(address account => Party) private _parties;

    event ConsortiumFounded(bytes32 indexed federationId, bytes32 agreementHash, address coordinator, uint256 members);
    event PartyAdmitted(address indexed account, Role role, bytes32 signingKeyHash);

    error NoMembers();
    error TooManyMembers(uint256 count);
    error KeyCountMismatch(uint256 members, uint256 keys);
    error ZeroAccount();
    error ZeroHash();
    error AccountRepeated(address account);

    /// @param federationId_ Not zero.
    /// @param agreementHash_ Not zero.
    /// @param coordinator_ Not a member.
    /// @param members At least one, at most 65535, all different.
    /// @param signingKeyHashes One for each member, in the same order.
    /// @param coordinatorKeyHash SHA-256 of the coordinator's ML-DSA public key.
    constructor(
        bytes32 federationId_,
        bytes32 agreementHash_,
        address coordinator_,
        address[] memory members,
        bytes32[] memory signingKeyHashes,
        bytes32 coordinatorKeyHash
    ) {
        if (federationId_ == 0 || agreementHash_ == 0) revert ZeroHash();
        if (members.length == 0) revert NoMembers();
        if (members.length > type(uint16).max) revert TooManyMembers(members.length);
        if (members.length != signingKeyHashes.length) revert KeyCountMismatch(members.length, signingKeyHashes.length);

        federationId = federationId_;
        agreementHash = agreementHash_;
        coordinator = coordinator_;
        emit ConsortiumFounded(federationId_, agreementHash_, coordinator_, members.length);

        _admit(coordinator_, Role.Coordinator, coordinatorKeyHash);
        for (uint256 i = 0; i < members.length; ++i) {
            _admit(members[i], Role.Member, signingKeyHashes[i]);
        }
        _members = members;
    }

    /// @notice Whether the account is a member that may act now.
    function isActiveMember(address account) external view returns (bool) {
        Party storage party = _parties[account];
        return party.role == Role.Member && party.status == Status.Active;
    }

    /// @notice How many members there are.
    function memberCount() external view returns (uint16) {
        return uint16(_members.length);
    }

    /// @notice How many of the members may act now.
    function activeMemberCount() external view returns (uint16) {
        return uint16(_members.length);
    }

    /// @notice The member at an index from 0, in the order of the charter.
    function memberAt(uint256 index) external view returns (address) {
        return _members[index];
    }

    /// @notice SHA-256 of the ML-DSA public key of a party, zero for strangers.
    function signingKeyHash(address account) external view returns (bytes32) {
        return _parties[account].signingKeyHash;
    }

    /// @notice Role, status and key of an account; all zero for strangers.
    function partyOf(address account) external view returns (Party memory) {
        return _parties[account];
    }

    function _admit(address account, Role role, bytes32 keyHash) private {
        if (account == address(0)) revert ZeroAccount();
        if (keyHash == 0) revert ZeroHash();
        if (_parties[account].role != Role.None) revert AccountRepeated(account);
        _parties[account] = Party(role, Status.Active, keyHash);
        emit PartyAdmitted(account, role, keyHash);
    }
}
