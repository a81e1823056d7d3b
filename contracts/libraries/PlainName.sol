// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title PlainName
/// @notice Names that look like nothing but themselves and can stand between quotation marks: no accents, no invisible
/// or right-to-left characters, no quotes, no backslashes.
library PlainName {
    /// @notice A name is empty, longer than `limit`, or holds something other than ASCII letters, digits, spaces and
    /// the characters & ( ) , - . /
    error PlainNameInvalid(string name, uint256 limit);

    /// @notice Reverts with {PlainNameInvalid} unless a name has 1 to `limit` characters, all of them
    /// ASCII letters, digits, spaces or & ( ) , - . /
    function requireValid(string memory name, uint256 limit) internal pure {
        bytes memory text = bytes(name);
        bool plain = text.length != 0 && text.length <= limit;
        // bound: the name's length, 31 at the most
        for (uint256 i; plain && i < text.length; ++i) {
            bytes1 c = text[i];
            plain =
                (c >= "a" && c <= "z") ||
                (c >= "A" && c <= "Z") ||
                (c >= "," && c <= "9") || // , - . / and the digits
                c == " " ||
                c == "&" ||
                c == "(" ||
                c == ")";
        }
        if (!plain) revert PlainNameInvalid(name, limit);
    }
}
