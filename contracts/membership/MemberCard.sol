// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IMemberCard} from "./IMemberCard.sol";
import {IMembership} from "./IMembership.sol";

/// @title MemberCard
/// @notice See {IMemberCard}. Stateless: one deployment can serve every coalition of a chain.
contract MemberCard is IMemberCard {
    using Strings for uint256;

    /// @inheritdoc IMemberCard
    function render(uint256 number) external view returns (string memory) {
        IMembership roll = IMembership(msg.sender);
        IMembership.Member memory entry = roll.member(number);
        return
            _write(
                IERC721Metadata(msg.sender).name(),
                roll.groups()[entry.group],
                entry,
                _rights(_granted(roll, entry.key))
            );
    }

    function _write(
        string memory coalition,
        string memory group,
        IMembership.Member memory entry,
        string memory rights
    ) private pure returns (string memory) {
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
            ',{"trait_type":"Kind","value":"',
            entry.organisation ? "Organisation" : "Person",
            '"}',
            ',{"trait_type":"Stakeholder group","value":"',
            group,
            '"},',
            _date("Member since", entry.joinedAt),
            ",",
            _date("Vote from", entry.votesFrom),
            ',{"trait_type":"Rights","value":"',
            rights,
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

    /// @dev What a member may do now: bit n for the n-th {IMembership-Right}.
    function _granted(IMembership roll, address key) private view returns (uint8 rights) {
        // bound: the 4 rights
        for (uint8 right; right < 4; ++right) {
            (IMembership.Standing standing, , , ) = roll.standingOf(
                key,
                IMembership.Right(right),
                uint48(block.timestamp)
            );
            if (standing == IMembership.Standing.Granted) rights |= uint8(1 << right);
        }
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
