// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Charter} from "../../contracts/charter/Charter.sol";
import {Conduct} from "../../contracts/conduct/Conduct.sol";
import {IConduct} from "../../contracts/conduct/IConduct.sol";
import {Panels} from "../../contracts/conduct/Panels.sol";
import {Speakers} from "../../contracts/conduct/Speakers.sol";
import {IOffices} from "../../contracts/elections/IOffices.sol";
import {Forum} from "../../contracts/forum/Forum.sol";
import {IForum} from "../../contracts/forum/IForum.sol";
import {IAgenda} from "../../contracts/governance/IAgenda.sol";
import {DecisionRules} from "../../contracts/libraries/DecisionRules.sol";
import {IMembership} from "../../contracts/membership/IMembership.sol";
import {DecisionMock} from "../../contracts/mocks/DecisionMock.sol";
import {CoalitionTest} from "./CoalitionTest.sol";

/// @title ForumTest
/// @notice A coalition with a forum and cases: fourteen mature members of five groups, of whom the first nine are the
/// pool, and a Code with one clause that all accepted.
abstract contract ForumTest is CoalitionTest {
    uint256 internal constant MEMBERS = 14;
    uint256 internal constant POOL = 9;
    uint256 internal constant GROUPS = 5;
    uint256 internal constant LIST = 1;
    bytes32 internal constant RULE = keccak256("Address issues, not persons");
    bytes32 internal constant REASON = keccak256("reason");
    /// @dev Draws that the chains of the pool serve.
    uint256 internal constant CHAIN = 64;

    DecisionMock internal _decisions;
    Speakers internal _speakers;
    Forum internal _forum;
    Panels internal _panels;
    Conduct internal _conduct;

    function _foundForum() internal {
        _found(IMembership.Maturity(8 days, 1 days, 2_500, 100), _plainRules(), GROUPS);
        _decisions = new DecisionMock();
        string[] memory titles = new string[](1);
        titles[0] = "Code of Conduct";
        Charter charter = new Charter(IAgenda(address(_decisions)), address(this), titles);
        _decisions.carryOut(1, DecisionRules.Class.Amendment);
        charter.insert(1, 0, 0, RULE);
        _speakers = new Speakers("Coalition", _membership, charter, 1);
        string[] memory names = new string[](1);
        names[0] = "Discussion";
        bytes32[] memory purposes = new bytes32[](1);
        purposes[0] = REASON;
        _forum = new Forum(
            "Coalition",
            _speakers,
            IAgenda(address(_decisions)),
            IForum.Pace({burst: 3, interval: 1 hours}),
            names,
            purposes
        );
        _panels = new Panels("Coalition", _membership, _offices);
        _conduct = new Conduct("Coalition", _speakers, _panels, _forum, STAGE, _terms());
        _seatMembers();
    }

    function _seatMembers() private {
        for (uint256 i; i < MEMBERS; ++i) {
            VM.prank(_key(i + 1));
            _membership.join(uint8(i % GROUPS), CODE, "");
        }
        VM.warp(_membership.member(MEMBERS).votesFrom + 1);
        for (uint256 i; i < MEMBERS; ++i) {
            VM.prank(_key(i + 1));
            _speakers.accept(1);
        }
        VM.prank(address(_timelock));
        _offices.create(_pool());
        uint256[] memory numbers = new uint256[](POOL);
        uint256[] memory groups = new uint256[](POOL);
        for (uint256 i; i < POOL; ++i) (numbers[i], groups[i]) = (i + 1, i % GROUPS);
        VM.prank(address(_elections));
        _offices.seat(1, numbers, groups);
        VM.prank(address(_timelock));
        _panels.setPool(1);
        for (uint256 i; i < POOL; ++i) {
            VM.prank(_key(i + 1));
            _panels.commit(_numberFor(i + 1, 0));
        }
    }

    function _pool() private pure returns (IOffices.Office memory) {
        return
            IOffices.Office({
                description: REASON,
                seats: uint8(POOL),
                term: 2_000 days,
                termLimit: 0,
                maxPerGroup: 0,
                maxPerOrganisation: 0,
                vacancy: IOffices.Vacancy.RunnerUp,
                recallBps: 2_500,
                recallWindow: 30 days
            });
    }

    function _terms() internal pure returns (IConduct.Terms memory) {
        return
            IConduct.Terms({
                response: 3 days,
                drawing: 3 days,
                deliberation: 6 days,
                appeal: 4 days,
                members: 12 days,
                emergency: 2 days,
                suspension: 40 days,
                quota: 10,
                quotaPeriod: 30 days
            });
    }

    /// @dev The key of a member number.
    function _key(uint256 number) internal pure returns (address) {
        return VM.addr(number);
    }

    /// @dev The number of a member of the pool for a draw; that for the draw 0 is the commitment.
    function _numberFor(uint256 number, uint256 draw) internal pure returns (bytes32 value) {
        value = keccak256(abi.encode("secret", number));
        for (uint256 i = CHAIN; i > draw; --i) value = keccak256(abi.encode(value));
    }
}
