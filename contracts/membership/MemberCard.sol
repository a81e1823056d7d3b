// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IMemberCard} from "./IMemberCard.sol";
import {IMembership} from "./IMembership.sol";

/// @title MemberCard
/// @notice See {IMemberCard}. Stateless: one deployment can serve every coalition of a chain.
contract MemberCard is IMemberCard {
    using Strings for uint256;

    /// @inheritdoc IMemberCard
    function render(
        string calldata coalition,
        string calldata group,
        IMembership.Member calldata entry,
        uint8 rights
    ) external pure returns (string memory) {
        bytes memory head = abi.encodePacked(
            '{"name":"',
            coalition,
            " member ",
            entry.number.toString(),
            '","description":"Membership of ',
            coalition,
            '. It cannot be transferred.","attributes":['
        );
        bytes memory attributes = abi.encodePacked(
            _trait("Member number", entry.number.toString()),
            ',{"trait_type":"Stakeholder group","value":"',
            group,
            '"},',
            _date("Member since", entry.joinedAt),
            ",",
            _date("Vote from", entry.votesFrom),
            ',{"trait_type":"Rights","value":"',
            _rights(rights),
            '"}]}'
        );
        return string.concat("data:application/json;base64,", Base64.encode(bytes.concat(head, attributes)));
    }

    function _trait(string memory label, string memory value) private pure returns (string memory) {
        return string.concat('{"trait_type":"', label, '","value":', value, "}");
    }

    function _date(string memory label, uint256 moment) private pure returns (string memory) {
        return string.concat('{"display_type":"date","trait_type":"', label, '","value":', moment.toString(), "}");
    }

    function _rights(uint8 rights) private pure returns (string memory text) {
        string[4] memory names = ["speak", "propose", "vote", "stand"];
        // bound: the 4 rights
        for (uint256 i; i < 4; ++i) {
            if (rights & (1 << i) == 0) continue;
            text = bytes(text).length == 0 ? names[i] : string.concat(text, ", ", names[i]);
        }
    }
}
