// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title PlainName
/// @notice Names that look like nothing but themselves and can stand between quotation marks: no accents, no invisible
/// or right-to-left characters, no quotes, no backslashes.
library PlainName {
    /// @notice A name is empty, longer than `limit`, holds something other than ASCII letters, digits, spaces and the
    /// characters & ( ) , - . / or begins or ends with a space or has two in a row.
    error PlainNameInvalid(string name, uint256 limit);

    /// @notice Reverts with {PlainNameInvalid} unless a name has 1 to `limit` characters, all of them ASCII letters,
    /// digits, spaces or & ( ) , - . / and no space at its ends or beside another, where nobody sees it.
    function requireValid(string memory name, uint256 limit) internal pure {
        bytes memory text = bytes(name);
        bool plain = text.length != 0 && text.length <= limit;
        bytes1 previous = " ";
        // bound: the name's length, 64 at the most
        for (uint256 i; plain && i < text.length; ++i) {
            bytes1 c = text[i];
            plain = c == " " ? previous != " " : _isVisible(c);
            previous = c;
        }
        if (!plain || previous == " ") revert PlainNameInvalid(name, limit);
    }

    function _isVisible(bytes1 c) private pure returns (bool) {
        return
            (c >= "a" && c <= "z") ||
            (c >= "A" && c <= "Z") ||
            (c >= "," && c <= "9") || // , - . / and the digits
            c == "&" ||
            c == "(" ||
            c == ")";
    }
}
