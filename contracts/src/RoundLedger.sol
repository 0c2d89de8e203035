// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsortiumRegistry} from "./ConsortiumRegistry.sol";

/// @title The rounds of a federation, in order and without gaps
/// @notice Hashes and metadata only. Each step is checked here and leaves an event with everything a reader needs; every hash of a
/// signature is the SHA-256 of an ML-DSA signature over the record of that step, kept off chain.
///
///   None -open-> Open -freeze-> Frozen -close-> Closed -finalize-> Finalized
///                  \______abandon______/          \____fail______> Failed
///
/// A closed round counts as opened by the committee, for ever: it can only be finalized or have failed.
contract RoundLedger {
    enum Phase { None, Open, Frozen, Closed, Finalized, Failed, Abandoned }

    struct Round {
        Phase phase;
        uint64 commitDeadline;
        uint40 openedBlock;
        uint40 lastBlock;
        uint16 minParticipants;
        uint16 committedCount;
        uint16 participantCount;
        uint8 abandonReason;
        uint48 registryVersion;
        bytes32 planHash;
        bytes32 previousModelHash;
        bytes32 seedBlockHash;
        bytes32 setHash;
        bytes32 transcriptRoot;
        bytes32 modelHash;
        bytes32 metadataHash;
    }

    /// @notice A sum over fewer than three members tells each of two the other's update.
    uint16 public constant MIN_PARTICIPANTS = 3;
    /// @notice How long after the commit deadline any member may abandon a round that its coordinator left, in seconds.
    uint64 public constant ABANDON_GRACE = 1 hours;
    /// @notice Outcomes of a link report: no update is sent, or one sealed without a quantum key.
    uint8 public constant LINK_WITHHELD = 1;
    uint8 public constant LINK_DOWNGRADED = 2;

    /// @notice Who may do what.
    ConsortiumRegistry public immutable registry;
    /// @notice SHA-256 of the model the members approved before the first round.
    bytes32 public immutable initialModelHash;

    /// @notice The number the next round will have: rounds are counted from 0 and abandoned ones keep their number.
    uint64 public nextRound;
    /// @notice SHA-256 of the newest model.
    bytes32 public currentModelHash;
    /// @notice keccak256(abi.encode(previous head, round, phase, planHash, setHash, transcriptRoot, modelHash, metadataHash)) over all
    /// ended rounds.
    bytes32 public historyHead;

    mapping(uint64 round => Round) private _rounds;
    mapping(uint64 round => mapping(address member => bytes32)) private _commitments;
    mapping(uint64 round => mapping(address member => bool)) private _participants;
    mapping(uint64 round => mapping(address member => bool)) private _attested;
    mapping(uint64 round => mapping(address member => mapping(bytes32 evidenceHash => bool))) private _disputed;
    mapping(uint64 round => mapping(address member => bytes32)) private _linkReports;
    mapping(address by => mapping(bytes32 minutesHash => bool)) private _ceremonies;

    event RoundOpened(
        uint64 indexed roundId,
        bytes32 planHash,
        bytes32 previousModelHash,
        uint64 commitDeadline,
        uint16 minParticipants,
        bytes32 seedBlockHash,
        uint48 registryVersion,
        bytes32 signatureHash
    );
    event UpdateCommitted(uint64 indexed roundId, address indexed member, bytes32 commitment, bytes32 signatureHash);
    event CommitmentsFrozen(uint64 indexed roundId, address indexed by, uint16 committedCount);
    event RoundClosed(
        uint64 indexed roundId,
        address[] participants,
        address[] excluded,
        uint8[] reasons,
        bytes32 setHash,
        bytes32 signatureHash
    );
    event RoundFinalized(
        uint64 indexed roundId,
        bytes32 transcriptRoot,
        bytes32 modelHash,
        bytes32 metadataHash,
        bytes32 signatureHash,
        bytes32 historyHead
    );
    event RoundFailed(uint64 indexed roundId, bytes32 transcriptRoot, bytes32 signatureHash, bytes32 historyHead);
    event RoundAbandoned(uint64 indexed roundId, address indexed by, uint8 reason, bytes32 signatureHash, bytes32 historyHead);
    event RoundAttested(uint64 indexed roundId, address indexed member, bytes32 modelHash, bytes32 signatureHash);
    event RoundDisputed(uint64 indexed roundId, address indexed member, bytes32 evidenceHash, bytes32 signatureHash);
    event KeyCeremonyRecorded(address indexed by, uint8 kind, bytes32 minutesHash, bytes32 signatureHash);
    event LinkReported(uint64 indexed roundId, address indexed member, uint8 outcome, bytes32 reportHash, bytes32 signatureHash);

    error NotCoordinator(address caller);
    error NotActiveMember(address caller);
    error NotOfConsortium(address caller);
    error NotOfThisRound(uint64 roundId, address caller);
    error WrongRoundNumber(uint64 roundId, uint64 expected);
    error PreviousRoundUnfinished(uint64 roundId, Phase phase);
    error WrongModel(bytes32 given, bytes32 current);
    error DeadlinePassed(uint64 deadline, uint64 time);
    error DeadlineNotReached(uint64 deadline, uint64 time);
    error MinParticipantsOutOfRange(uint16 given, uint16 least, uint16 most);
    error WrongPhase(uint64 roundId, Phase phase);
    error AlreadyCommitted(uint64 roundId, address member);
    error TooFewParticipants(uint256 given, uint16 least);
    error ReasonCountMismatch(uint256 excluded, uint256 reasons);
    error NotAscending(address account);
    error NotCommitted(uint64 roundId, address account);
    error InBothLists(address account);
    error WitnessMissing(uint256 listed, uint16 activeMembers);
    error NotWaitedFor(address account);
    error CommittersMissing(uint256 listed, uint16 committed);
    error AlreadyAttested(uint64 roundId, address member);
    error AlreadyDisputed(uint64 roundId, address member, bytes32 evidenceHash);
    error AlreadyReported(uint64 roundId, address member);
    error UnknownOutcome(uint8 outcome);
    error AlreadyRecorded(address by, bytes32 minutesHash);
    error ZeroKind();
    error ZeroHash();
    error ZeroReason();

    modifier onlyCoordinator() {
        if (msg.sender != registry.coordinator()) revert NotCoordinator(msg.sender);
        _;
    }

    modifier onlyActiveMember() {
        if (!_isActiveMember(msg.sender)) revert NotActiveMember(msg.sender);
        _;
    }

    constructor(ConsortiumRegistry registry_, bytes32 initialModelHash_) {
        _requireHash(initialModelHash_);
        registry = registry_;
        initialModelHash = initialModelHash_;
        currentModelHash = initialModelHash_;
    }

    /// @notice Begins the next round, once the one before has ended.
    /// @param roundId The next number.
    /// @param planHash SHA-256 of the signed round plan, which holds all parameters of the round and the committee's keys.
    /// @param previousModelHash The current model's hash, said again so that a coordinator behind the chain is refused.
    /// @param commitDeadline The last second, in Unix time, at which a commitment is taken.
    /// @param minParticipants From MIN_PARTICIPANTS to the number of active members.
    function openRound(
        uint64 roundId,
        bytes32 planHash,
        bytes32 previousModelHash,
        uint64 commitDeadline,
        uint16 minParticipants,
        bytes32 signatureHash
    ) external onlyCoordinator {
        if (roundId != nextRound) revert WrongRoundNumber(roundId, nextRound);
        if (roundId > 0 && _rounds[roundId - 1].phase < Phase.Finalized) {
            revert PreviousRoundUnfinished(roundId - 1, _rounds[roundId - 1].phase);
        }
        if (previousModelHash != currentModelHash) revert WrongModel(previousModelHash, currentModelHash);
        if (commitDeadline <= block.timestamp) revert DeadlinePassed(commitDeadline, uint64(block.timestamp));
        uint16 most = registry.activeMemberCount();
        if (minParticipants < MIN_PARTICIPANTS || minParticipants > most) {
            revert MinParticipantsOutOfRange(minParticipants, MIN_PARTICIPANTS, most);
        }
        _requireHash(planHash);
        _requireHash(signatureHash);

        // The hash of the block before is unknown to the coordinator when it fixes the plan, and the same for everyone afterwards.
        bytes32 seedBlockHash = blockhash(block.number - 1);
        Round storage r = _rounds[roundId];
        r.phase = Phase.Open;
        r.commitDeadline = commitDeadline;
        r.openedBlock = uint40(block.number);
        r.lastBlock = uint40(block.number);
        r.minParticipants = minParticipants;
        r.planHash = planHash;
        r.previousModelHash = previousModelHash;
        r.seedBlockHash = seedBlockHash;
        r.registryVersion = registry.version();
        nextRound = roundId + 1;
        emit RoundOpened(
            roundId, planHash, previousModelHash, commitDeadline, minParticipants, seedBlockHash, r.registryVersion, signatureHash
        );
    }

    /// @notice Binds the caller to its encrypted update, before any of it has left the member. The caller is a member without a break
    /// since the round was opened: who was admitted or reinstated later is not in its plan.
    function commitUpdate(uint64 roundId, bytes32 commitment, bytes32 signatureHash) external {
        (bool active, uint48 since) = registry.membership(msg.sender);
        if (!active) revert NotActiveMember(msg.sender);
        Round storage r = _inPhase(roundId, Phase.Open);
        if (since > r.registryVersion) revert NotOfThisRound(roundId, msg.sender);
        if (block.timestamp > r.commitDeadline) revert DeadlinePassed(r.commitDeadline, uint64(block.timestamp));
        if (_commitments[roundId][msg.sender] != 0) revert AlreadyCommitted(roundId, msg.sender);
        _requireHash(commitment);
        _requireHash(signatureHash);

        _commitments[roundId][msg.sender] = commitment;
        ++r.committedCount;
        r.lastBlock = uint40(block.number);
        emit UpdateCommitted(roundId, msg.sender, commitment, signatureHash);
    }

    /// @notice Ends the commitments once every active member of the round has committed, or after the deadline. Ciphertexts may be
    /// revealed then.
    /// @param activeMembers Empty, unless the registry has changed since the round was opened and the deadline has not passed: then all
    /// members that are active now, strictly ascending, as witness that each has committed or came too late for this round.
    function freezeCommitments(uint64 roundId, address[] calldata activeMembers) external {
        if (msg.sender != registry.coordinator() && !_isActiveMember(msg.sender)) revert NotOfConsortium(msg.sender);
        Round storage r = _inPhase(roundId, Phase.Open);
        if (block.timestamp <= r.commitDeadline && !_allCommitted(roundId, r, activeMembers)) {
            revert DeadlineNotReached(r.commitDeadline, uint64(block.timestamp));
        }
        r.phase = Phase.Frozen;
        r.lastBlock = uint40(block.number);
        emit CommitmentsFrozen(roundId, msg.sender, r.committedCount);
    }

    /// @notice Fixes the set whose sum will be opened. Together the two lists are exactly those who committed.
    /// @param participants Strictly ascending.
    /// @param excluded Strictly ascending.
    /// @param reasons One for each excluded member, never 0.
    /// @param setHash SHA-256 of the canonical set.
    function closeRound(
        uint64 roundId,
        address[] calldata participants,
        address[] calldata excluded,
        uint8[] calldata reasons,
        bytes32 setHash,
        bytes32 signatureHash
    ) external onlyCoordinator {
        Round storage r = _inPhase(roundId, Phase.Frozen);
        if (participants.length < r.minParticipants) revert TooFewParticipants(participants.length, r.minParticipants);
        if (excluded.length != reasons.length) revert ReasonCountMismatch(excluded.length, reasons.length);
        // Both lists are free of repetitions and disjoint below, so equal counts and "each has committed" make the sets equal. The
        // check also bounds both loops by the number of members.
        if (participants.length + excluded.length != r.committedCount) {
            revert CommittersMissing(participants.length + excluded.length, r.committedCount);
        }
        _requireHash(setHash);
        _requireHash(signatureHash);

        address last = address(0);
        for (uint256 i = 0; i < participants.length; ++i) {
            last = _requireNextCommitter(roundId, last, participants[i]);
            _participants[roundId][last] = true;
        }
        last = address(0);
        for (uint256 i = 0; i < excluded.length; ++i) {
            last = _requireNextCommitter(roundId, last, excluded[i]);
            if (_participants[roundId][last]) revert InBothLists(last);
            if (reasons[i] == 0) revert ZeroReason();
        }
        r.phase = Phase.Closed;
        r.participantCount = uint16(participants.length);
        r.setHash = setHash;
        r.lastBlock = uint40(block.number);
        emit RoundClosed(roundId, participants, excluded, reasons, setHash, signatureHash);
    }

    /// @notice Ends a closed round with a new model.
    /// @param metadataHash SHA-256 of the round's metadata.
    function finalizeRound(
        uint64 roundId,
        bytes32 transcriptRoot,
        bytes32 modelHash,
        bytes32 metadataHash,
        bytes32 signatureHash
    ) external onlyCoordinator {
        Round storage r = _inPhase(roundId, Phase.Closed);
        _requireHash(transcriptRoot);
        _requireHash(modelHash);
        _requireHash(metadataHash);
        _requireHash(signatureHash);
        r.transcriptRoot = transcriptRoot;
        r.modelHash = modelHash;
        r.metadataHash = metadataHash;
        currentModelHash = modelHash;
        bytes32 head = _end(roundId, r, Phase.Finalized);
        emit RoundFinalized(roundId, transcriptRoot, modelHash, metadataHash, signatureHash, head);
    }

    /// @notice Ends a closed round whose sum did not decode. It counts as opened and the model stays as it was.
    function failRound(uint64 roundId, bytes32 transcriptRoot, bytes32 signatureHash) external onlyCoordinator {
        Round storage r = _inPhase(roundId, Phase.Closed);
        _requireHash(transcriptRoot);
        _requireHash(signatureHash);
        r.transcriptRoot = transcriptRoot;
        bytes32 head = _end(roundId, r, Phase.Failed);
        emit RoundFailed(roundId, transcriptRoot, signatureHash, head);
    }

    /// @notice Ends a round before it was closed: nothing of it will ever be opened. Any active member may, an hour after the deadline.
    function abandonRound(uint64 roundId, uint8 reason, bytes32 signatureHash) external {
        Round storage r = _rounds[roundId];
        if (msg.sender != registry.coordinator()) {
            if (!_isActiveMember(msg.sender)) revert NotOfConsortium(msg.sender);
            // Added in 256 bits: a deadline near 2^64 must not make the sum fail.
            if (block.timestamp <= uint256(r.commitDeadline) + ABANDON_GRACE) {
                revert DeadlineNotReached(r.commitDeadline, uint64(block.timestamp));
            }
        }
        if (r.phase != Phase.Open && r.phase != Phase.Frozen) revert WrongPhase(roundId, r.phase);
        if (reason == 0) revert ZeroReason();
        _requireHash(signatureHash);
        r.abandonReason = reason;
        bytes32 head = _end(roundId, r, Phase.Abandoned);
        emit RoundAbandoned(roundId, msg.sender, reason, signatureHash, head);
    }

    /// @notice A member that committed says that it replayed the round and got the same model.
    function attest(uint64 roundId, bytes32 modelHash, bytes32 signatureHash) external onlyActiveMember {
        Round storage r = _inPhase(roundId, Phase.Finalized);
        if (_commitments[roundId][msg.sender] == 0) revert NotOfThisRound(roundId, msg.sender);
        if (modelHash != r.modelHash) revert WrongModel(modelHash, r.modelHash);
        if (_attested[roundId][msg.sender]) revert AlreadyAttested(roundId, msg.sender);
        _requireHash(signatureHash);
        _attested[roundId][msg.sender] = true;
        r.lastBlock = uint40(block.number);
        emit RoundAttested(roundId, msg.sender, modelHash, signatureHash);
    }

    /// @notice A member that committed, in the set or excluded from it, says that a closed round is wrong, and fixes its evidence by hash.
    /// The same evidence is taken once.
    function dispute(uint64 roundId, bytes32 evidenceHash, bytes32 signatureHash) external onlyActiveMember {
        Round storage r = _rounds[roundId];
        if (r.phase != Phase.Closed && r.phase != Phase.Finalized && r.phase != Phase.Failed) revert WrongPhase(roundId, r.phase);
        if (_commitments[roundId][msg.sender] == 0) revert NotOfThisRound(roundId, msg.sender);
        _requireHash(evidenceHash);
        _requireHash(signatureHash);
        if (_disputed[roundId][msg.sender][evidenceHash]) revert AlreadyDisputed(roundId, msg.sender, evidenceHash);
        _disputed[roundId][msg.sender][evidenceHash] = true;
        r.lastBlock = uint40(block.number);
        emit RoundDisputed(roundId, msg.sender, evidenceHash, signatureHash);
    }

    /// @notice A member of the round says that its quantum link gave it no key, and what it does about it. Once a round, from its opening to its end.
    /// @param outcome 1: it sends no update. 2: it seals its update with ML-KEM only.
    /// @param reportHash SHA-256 of its signed report.
    function reportLink(uint64 roundId, uint8 outcome, bytes32 reportHash, bytes32 signatureHash) external {
        Round storage r = _rounds[roundId];
        (bool active, uint48 since) = registry.membership(msg.sender);
        if (!active) revert NotActiveMember(msg.sender);
        if (r.phase != Phase.Open && r.phase != Phase.Frozen && r.phase != Phase.Closed) revert WrongPhase(roundId, r.phase);
        if (since > r.registryVersion) revert NotOfThisRound(roundId, msg.sender);
        if (outcome != LINK_WITHHELD && outcome != LINK_DOWNGRADED) revert UnknownOutcome(outcome);
        _requireHash(reportHash);
        _requireHash(signatureHash);
        if (_linkReports[roundId][msg.sender] != 0) revert AlreadyReported(roundId, msg.sender);
        _linkReports[roundId][msg.sender] = reportHash;
        r.lastBlock = uint40(block.number);
        emit LinkReported(roundId, msg.sender, outcome, reportHash, signatureHash);
    }

    /// @notice The coordinator or a member fixes the minutes of a key ceremony by hash: how keys that outlive a round were made, founded on
    /// a quantum link, or destroyed. (The committee's keys of a round stand in its plan.) The same minutes are taken once from each.
    /// @param kind What the ceremony was about, never 0; the numbers are the agreement's.
    function recordCeremony(uint8 kind, bytes32 minutesHash, bytes32 signatureHash) external {
        if (msg.sender != registry.coordinator() && !_isActiveMember(msg.sender)) revert NotOfConsortium(msg.sender);
        if (kind == 0) revert ZeroKind();
        _requireHash(minutesHash);
        _requireHash(signatureHash);
        if (_ceremonies[msg.sender][minutesHash]) revert AlreadyRecorded(msg.sender, minutesHash);
        _ceremonies[msg.sender][minutesHash] = true;
        emit KeyCeremonyRecorded(msg.sender, kind, minutesHash, signatureHash);
    }

    /// @notice Everything stored of a round; phase None for a round that was never opened.
    function round(uint64 roundId) external view returns (Round memory) {
        return _rounds[roundId];
    }

    /// @notice A member's commitment, zero if there is none.
    function commitmentOf(uint64 roundId, address member) external view returns (bytes32) {
        return _commitments[roundId][member];
    }

    /// @notice The hash of a member's link report, zero if there is none.
    function linkReportOf(uint64 roundId, address member) external view returns (bytes32) {
        return _linkReports[roundId][member];
    }

    /// @notice Whether the member is in the set that was closed.
    function isParticipant(uint64 roundId, address member) external view returns (bool) {
        return _participants[roundId][member];
    }

    /// @notice Whether the member attested to the round's model.
    function hasAttested(uint64 roundId, address member) external view returns (bool) {
        return _attested[roundId][member];
    }

    function _isActiveMember(address account) private view returns (bool active) {
        (active,) = registry.membership(account);
    }

    function _allCommitted(uint64 roundId, Round storage r, address[] calldata activeMembers) private view returns (bool) {
        uint16 active = registry.activeMemberCount();
        // The same members as at the opening, and only they can commit: then counting is enough.
        if (registry.version() == r.registryVersion) return r.committedCount == active;
        if (activeMembers.length != active) revert WitnessMissing(activeMembers.length, active);
        address last = address(0);
        for (uint256 i = 0; i < activeMembers.length; ++i) {
            if (activeMembers[i] <= last) revert NotAscending(activeMembers[i]);
            last = activeMembers[i];
            (bool isActive, uint48 since) = registry.membership(last);
            if (!isActive) revert NotWaitedFor(last);
            if (since <= r.registryVersion && _commitments[roundId][last] == 0) return false;
        }
        return true;
    }

    function _inPhase(uint64 roundId, Phase phase) private view returns (Round storage r) {
        r = _rounds[roundId];
        if (r.phase != phase) revert WrongPhase(roundId, r.phase);
    }

    function _requireNextCommitter(uint64 roundId, address last, address account) private view returns (address) {
        if (account <= last) revert NotAscending(account);
        if (_commitments[roundId][account] == 0) revert NotCommitted(roundId, account);
        return account;
    }

    function _requireHash(bytes32 hash) private pure {
        if (hash == 0) revert ZeroHash();
    }

    function _end(uint64 roundId, Round storage r, Phase phase) private returns (bytes32 head) {
        r.phase = phase;
        r.lastBlock = uint40(block.number);
        head = keccak256(abi.encode(historyHead, roundId, phase, r.planHash, r.setHash, r.transcriptRoot, r.modelHash, r.metadataHash));
        historyHead = head;
    }
}
