// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who belongs to a consortium, and who decides about it
/// @notice The founding set stands in the constructor: accounts, roles, and the SHA-256 digests of the ML-DSA public keys that records
/// are verified with and of the ML-KEM keys that payloads are sealed to. Afterwards the members change it by vote. No names, nothing
/// personal. Each applied change makes a new version of the registry; a round is judged by the version it was opened under, so nothing
/// here acts on the past.
contract ConsortiumRegistry {
    enum Role { None, Member, Coordinator, Regulator }
    enum Status { None, Active, Suspended }
    enum Change { None, Admit, Suspend, Reinstate, SetRole, SetKeys }

    /// @param account Its ledger account.
    /// @param role What it may do.
    /// @param signingKeyHash SHA-256 of its ML-DSA-65 public key.
    /// @param sealingKeyHash SHA-256 of its ML-KEM-768 encapsulation key; zero if it has none that outlives a round.
    struct Founder {
        address account;
        Role role;
        bytes32 signingKeyHash;
        bytes32 sealingKeyHash;
    }

    /// @param quorumPercent Of the active members, at least so many must have voted: 1 to 100.
    /// @param thresholdPercent Of the active members, more than so many must have voted yes: 50 to 99.
    /// @param votingPeriod How long a proposal can be voted on and executed, in seconds: an hour to a year.
    struct VotingRules {
        uint8 quorumPercent;
        uint8 thresholdPercent;
        uint32 votingPeriod;
    }

    /// @param since The version of the registry from which on it has been active in this role without a break.
    struct Party {
        Role role;
        Status status;
        uint48 since;
        bytes32 signingKeyHash;
        bytes32 sealingKeyHash;
    }

    struct Proposal {
        Change change;
        Role role;
        bool executed;
        uint64 expires;
        address proposer;
        address account;
        bytes32 signingKeyHash;
        bytes32 sealingKeyHash;
    }

    /// @param version The registry's version when the vote was cast.
    struct Vote {
        address voter;
        bool support;
        uint48 version;
    }

    /// @notice Bounds every loop over parties or votes: 1024 votes are counted with 6 million gas.
    uint256 public constant MAX_PARTIES = 1024;
    /// @notice FIPS 204, table 2: the ML-DSA-65 public key and signature. FIPS 203, table 3: the ML-KEM-768 encapsulation key. In bytes.
    uint256 public constant SIGNING_KEY_LENGTH = 1952;
    uint256 public constant SIGNATURE_LENGTH = 3309;
    uint256 public constant SEALING_KEY_LENGTH = 1184;

    /// @notice What tells this federation from every other.
    bytes32 public immutable federationId;
    /// @notice SHA-256 of the consortium agreement.
    bytes32 public immutable agreementHash;
    uint8 public immutable quorumPercent;
    uint8 public immutable thresholdPercent;
    uint32 public immutable votingPeriod;

    /// @notice How many changes were applied since the founding.
    uint48 public version;
    /// @notice How many of the members may act now.
    uint16 public activeMemberCount;
    /// @notice The active coordinator, who opens and closes rounds; zero if there is none now. It is never a member.
    address public coordinator;
    /// @notice The number the next proposal will have.
    uint64 public nextProposal;

    address[] private _accounts;
    mapping(address account => Party) private _parties;
    mapping(bytes32 signingKeyHash => bool) private _usedKeys;
    mapping(uint64 proposalId => Proposal) private _proposals;
    mapping(uint64 proposalId => Vote[]) private _votes;
    mapping(uint64 proposalId => mapping(address voter => bool)) private _voted;

    event ConsortiumFounded(bytes32 indexed federationId, bytes32 agreementHash, uint256 parties, VotingRules rules);
    event PartyAdmitted(address indexed account, Role role, bytes32 signingKeyHash, bytes32 sealingKeyHash, uint48 version);
    event PartySuspended(address indexed account, uint48 version);
    event PartyReinstated(address indexed account, uint48 version);
    event RoleChanged(address indexed account, Role role, uint48 version);
    event KeysChanged(address indexed account, bytes32 signingKeyHash, bytes32 sealingKeyHash, uint48 version);
    event ProposalMade(
        uint64 indexed proposalId,
        address indexed proposer,
        address indexed account,
        Change change,
        Role role,
        uint64 expires,
        bytes32 signatureHash
    );
    event KeysProposed(uint64 indexed proposalId, bytes signingKey, bytes sealingKey);
    event VoteCast(uint64 indexed proposalId, address indexed voter, bool support, bytes32 signatureHash);
    event ProposalExecuted(uint64 indexed proposalId, address indexed by, uint16 yes, uint16 no, uint16 activeMembers, uint48 version);

    error NoMembers();
    error TooManyParties(uint256 count);
    error RulesOutOfRange(VotingRules rules);
    error ZeroAccount();
    error ZeroHash();
    error NoRole();
    error AccountRepeated(address account);
    error KeyRepeated(bytes32 signingKeyHash);
    error CoordinatorPresent(address coordinator);
    error NotActiveMember(address caller);
    error NotActiveParty(address caller);
    error WrongProposalNumber(uint64 proposalId, uint64 expected);
    error UnknownProposal(uint64 proposalId);
    error UnknownParty(address account);
    error WrongStatus(address account, Status status);
    error LastMember(address account);
    error NothingChanges(address account);
    error WrongLength(uint256 given, uint256 expected);
    error NotForThisChange(Change change);
    error AlreadyVoted(uint64 proposalId, address voter);
    error AlreadyExecuted(uint64 proposalId);
    error Expired(uint64 expires, uint64 time);
    error QuorumMissed(uint16 votes, uint16 activeMembers);
    error ThresholdMissed(uint16 yes, uint16 activeMembers);

    /// @param federationId_ Not zero.
    /// @param agreementHash_ Not zero.
    /// @param founders At most MAX_PARTIES with different accounts and signing keys, a member among them, at most one coordinator.
    constructor(bytes32 federationId_, bytes32 agreementHash_, Founder[] memory founders, VotingRules memory rules) {
        if (federationId_ == 0 || agreementHash_ == 0) revert ZeroHash();
        if (
            rules.quorumPercent == 0 || rules.quorumPercent > 100 || rules.thresholdPercent < 50 || rules.thresholdPercent > 99
                || rules.votingPeriod < 1 hours || rules.votingPeriod > 365 days
        ) revert RulesOutOfRange(rules);

        federationId = federationId_;
        agreementHash = agreementHash_;
        quorumPercent = rules.quorumPercent;
        thresholdPercent = rules.thresholdPercent;
        votingPeriod = rules.votingPeriod;
        emit ConsortiumFounded(federationId_, agreementHash_, founders.length, rules);

        for (uint256 i = 0; i < founders.length; ++i) {
            Founder memory founder = founders[i];
            _requireAdmissible(founder.account, founder.role, founder.signingKeyHash);
            _admit(founder.account, founder.role, founder.signingKeyHash, founder.sealingKeyHash, 0);
        }
        if (activeMemberCount == 0) revert NoMembers();
    }

    /// @notice Proposes a change. An active member may propose any, another active party new keys for itself.
    /// @param proposalId The next number: the signature names it, so the same proposal cannot be made twice.
    /// @param role For Admit and SetRole, else None.
    /// @param signingKey For Admit and SetKeys the ML-DSA-65 public key, else empty. It stays readable in an event.
    /// @param sealingKey For Admit and SetKeys an ML-KEM-768 encapsulation key or nothing, else empty.
    /// @param signature The proposer's ML-DSA-65 signature over the proposal: it stays in the calldata, its SHA-256 in the event.
    function propose(
        uint64 proposalId,
        Change change,
        address account,
        Role role,
        bytes calldata signingKey,
        bytes calldata sealingKey,
        bytes calldata signature
    ) external {
        Party storage caller = _parties[msg.sender];
        bool ownKeys = change == Change.SetKeys && account == msg.sender;
        if (caller.status != Status.Active || (caller.role != Role.Member && !ownKeys)) revert NotActiveMember(msg.sender);
        if (proposalId != nextProposal) revert WrongProposalNumber(proposalId, nextProposal);
        _requireLength(signature.length, SIGNATURE_LENGTH);

        Proposal memory proposal = _propose(change, account, role, signingKey, sealingKey);
        _requireApplicable(proposal);
        _proposals[proposalId] = proposal;
        nextProposal = proposalId + 1;
        emit ProposalMade(proposalId, msg.sender, account, change, role, proposal.expires, sha256(signature));
        if (signingKey.length != 0) emit KeysProposed(proposalId, signingKey, sealingKey);
    }

    /// @notice Votes, once, while the proposal is open. The vote counts as long as its voter stays a member without a break, and until
    /// the party it is about is admitted, reinstated or given another role by another proposal.
    /// @param signature The voter's ML-DSA-65 signature over the vote: it stays in the calldata, its SHA-256 in the event.
    function vote(uint64 proposalId, bool support, bytes calldata signature) external {
        Proposal storage proposal = _open(proposalId);
        (bool active,) = membership(msg.sender);
        if (!active) revert NotActiveMember(msg.sender);
        if (_voted[proposalId][msg.sender]) revert AlreadyVoted(proposalId, msg.sender);
        _requireLength(signature.length, SIGNATURE_LENGTH);
        if (block.timestamp > proposal.expires) revert Expired(proposal.expires, uint64(block.timestamp));

        _voted[proposalId][msg.sender] = true;
        _votes[proposalId].push(Vote(msg.sender, support, version));
        emit VoteCast(proposalId, msg.sender, support, sha256(signature));
    }

    /// @notice Applies a proposal that has its quorum and its threshold. Any active party may, while the proposal is open.
    function execute(uint64 proposalId) external {
        Proposal storage proposal = _open(proposalId);
        if (_parties[msg.sender].status != Status.Active) revert NotActiveParty(msg.sender);
        if (block.timestamp > proposal.expires) revert Expired(proposal.expires, uint64(block.timestamp));
        _requireApplicable(proposal);
        (uint16 yes, uint16 no) = tally(proposalId);
        uint16 active = activeMemberCount;
        if (uint256(yes + no) * 100 < uint256(active) * quorumPercent) revert QuorumMissed(yes + no, active);
        if (uint256(yes) * 100 <= uint256(active) * thresholdPercent) revert ThresholdMissed(yes, active);

        proposal.executed = true;
        uint48 next = version + 1;
        version = next;
        _apply(proposal, next);
        emit ProposalExecuted(proposalId, msg.sender, yes, no, active, next);
    }

    /// @notice The votes that count now. Those cast before the party got its present place do not: otherwise a second suspension, voted
    /// long ago, would undo a reinstatement. An executed proposal keeps them.
    function tally(uint64 proposalId) public view returns (uint16 yes, uint16 no) {
        Proposal storage proposal = _proposals[proposalId];
        uint48 unchanged = proposal.executed ? 0 : _parties[proposal.account].since;
        Vote[] storage votes = _votes[proposalId];
        for (uint256 i = 0; i < votes.length; ++i) {
            Vote memory cast = votes[i];
            (bool active, uint48 since) = membership(cast.voter);
            if (!active || since > cast.version || unchanged > cast.version) continue;
            if (cast.support) ++yes;
            else ++no;
        }
    }

    /// @notice Whether the account is a member that may act now, and the version from which on it has been one without a break.
    function membership(address account) public view returns (bool active, uint48 since) {
        Party storage party = _parties[account];
        active = party.role == Role.Member && party.status == Status.Active;
        since = party.since;
    }

    /// @notice How many parties there are and ever were: suspended ones are counted.
    function partyCount() external view returns (uint256) {
        return _accounts.length;
    }

    /// @notice The account at an index from 0, founders first.
    function accountAt(uint256 index) external view returns (address) {
        return _accounts[index];
    }

    /// @notice Role, status and keys of an account; all zero for strangers.
    function partyOf(address account) external view returns (Party memory) {
        return _parties[account];
    }

    /// @notice A proposal; all zero for a number not given yet.
    function proposalOf(uint64 proposalId) external view returns (Proposal memory) {
        return _proposals[proposalId];
    }

    function _propose(Change change, address account, Role role, bytes calldata signingKey, bytes calldata sealingKey)
        private
        view
        returns (Proposal memory proposal)
    {
        bool admits = change == Change.Admit;
        if (admits || change == Change.SetKeys) {
            _requireLength(signingKey.length, SIGNING_KEY_LENGTH);
            proposal.signingKeyHash = sha256(signingKey);
            if (sealingKey.length != 0) {
                _requireLength(sealingKey.length, SEALING_KEY_LENGTH);
                proposal.sealingKeyHash = sha256(sealingKey);
            }
        } else if (signingKey.length != 0 || sealingKey.length != 0) {
            revert NotForThisChange(change);
        }
        if (!admits && change != Change.SetRole && role != Role.None) revert NotForThisChange(change);
        proposal.change = change;
        proposal.role = role;
        proposal.expires = uint64(block.timestamp + votingPeriod);
        proposal.proposer = msg.sender;
        proposal.account = account;
    }

    function _open(uint64 proposalId) private view returns (Proposal storage proposal) {
        proposal = _proposals[proposalId];
        if (proposal.change == Change.None) revert UnknownProposal(proposalId);
        if (proposal.executed) revert AlreadyExecuted(proposalId);
    }

    /// Whether the change makes sense now: asked when it is proposed, and again when it is applied.
    function _requireApplicable(Proposal memory proposal) private view {
        address account = proposal.account;
        Party storage party = _parties[account];
        Change change = proposal.change;
        if (change == Change.Admit) {
            _requireAdmissible(account, proposal.role, proposal.signingKeyHash);
            return;
        }
        if (change == Change.None) revert NotForThisChange(change);
        if (party.role == Role.None) revert UnknownParty(account);
        if (change == Change.Reinstate) {
            if (party.status != Status.Suspended) revert WrongStatus(account, party.status);
            _requireFree(party.role);
        } else if (change == Change.Suspend) {
            if (party.status != Status.Active) revert WrongStatus(account, party.status);
            _requireNotLast(account, party.role);
        } else if (change == Change.SetRole) {
            if (party.status != Status.Active) revert WrongStatus(account, party.status);
            if (proposal.role == Role.None) revert NoRole();
            if (proposal.role == party.role) revert NothingChanges(account);
            _requireNotLast(account, party.role);
            _requireFree(proposal.role);
        } else if (proposal.signingKeyHash != party.signingKeyHash) {
            if (_usedKeys[proposal.signingKeyHash]) revert KeyRepeated(proposal.signingKeyHash);
        } else if (proposal.sealingKeyHash == party.sealingKeyHash) {
            revert NothingChanges(account);
        }
    }

    function _requireAdmissible(address account, Role role, bytes32 signingKeyHash) private view {
        if (account == address(0)) revert ZeroAccount();
        if (role == Role.None) revert NoRole();
        if (signingKeyHash == 0) revert ZeroHash();
        if (_parties[account].role != Role.None) revert AccountRepeated(account);
        if (_usedKeys[signingKeyHash]) revert KeyRepeated(signingKeyHash);
        if (_accounts.length >= MAX_PARTIES) revert TooManyParties(_accounts.length);
        _requireFree(role);
    }

    function _requireFree(Role role) private view {
        if (role == Role.Coordinator && coordinator != address(0)) revert CoordinatorPresent(coordinator);
    }

    /// Without members nothing could ever be decided again.
    function _requireNotLast(address account, Role role) private view {
        if (role == Role.Member && activeMemberCount == 1) revert LastMember(account);
    }

    function _requireLength(uint256 given, uint256 expected) private pure {
        if (given != expected) revert WrongLength(given, expected);
    }

    function _apply(Proposal memory proposal, uint48 next) private {
        address account = proposal.account;
        Party storage party = _parties[account];
        if (proposal.change == Change.Admit) {
            _admit(account, proposal.role, proposal.signingKeyHash, proposal.sealingKeyHash, next);
        } else if (proposal.change == Change.Suspend) {
            party.status = Status.Suspended;
            _leave(party.role);
            emit PartySuspended(account, next);
        } else if (proposal.change == Change.Reinstate) {
            party.status = Status.Active;
            party.since = next;
            _enter(account, party.role);
            emit PartyReinstated(account, next);
        } else if (proposal.change == Change.SetRole) {
            _leave(party.role);
            party.role = proposal.role;
            party.since = next;
            _enter(account, proposal.role);
            emit RoleChanged(account, proposal.role, next);
        } else {
            party.signingKeyHash = proposal.signingKeyHash;
            party.sealingKeyHash = proposal.sealingKeyHash;
            _usedKeys[proposal.signingKeyHash] = true;
            emit KeysChanged(account, proposal.signingKeyHash, proposal.sealingKeyHash, next);
        }
    }

    function _admit(address account, Role role, bytes32 signingKeyHash, bytes32 sealingKeyHash, uint48 next) private {
        _parties[account] = Party(role, Status.Active, next, signingKeyHash, sealingKeyHash);
        _usedKeys[signingKeyHash] = true;
        _accounts.push(account);
        _enter(account, role);
        emit PartyAdmitted(account, role, signingKeyHash, sealingKeyHash, next);
    }

    function _enter(address account, Role role) private {
        if (role == Role.Member) ++activeMemberCount;
        else if (role == Role.Coordinator) coordinator = account;
    }

    function _leave(Role role) private {
        if (role == Role.Member) --activeMemberCount;
        else if (role == Role.Coordinator) coordinator = address(0);
    }
}
