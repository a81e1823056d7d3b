// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IERC4824} from "./IERC4824.sol";
import {ICoalition} from "./ICoalition.sol";

/// @title Coalition
/// @notice See {ICoalition}.
contract Coalition is ICoalition, ERC165 {
    uint256 private constant MAX_ORGANS = 64;
    uint256 private constant MIN_URI = 12;
    uint256 private constant MAX_URI = 256;

    address private immutable TIMELOCK;

    string private _uri;
    Organ[] private _organs;
    mapping(bytes32 name => address account) private _named;

    /// @param timelock_ The coalition's timelock.
    /// @param uri Where the documents are; see {ICoalition-setDaoURI}.
    /// @param organs_ The coalition's contracts, 1 to 64; they stay these.
    constructor(address timelock_, string memory uri, Organ[] memory organs_) {
        TIMELOCK = timelock_;
        _setURI(uri);
        if (organs_.length == 0 || organs_.length > MAX_ORGANS) {
            revert CoalitionOrgansOutOfRange(organs_.length, MAX_ORGANS);
        }
        // bound: 64 organs
        for (uint256 i; i < organs_.length; ++i) {
            Organ memory one = organs_[i];
            bool known = one.name == 0 || _named[one.name] != address(0);
            if (known || one.account.code.length == 0) revert CoalitionInvalidOrgan(one.name, one.account);
            _named[one.name] = one.account;
            _organs.push(one);
        }
    }

    /// @inheritdoc ICoalition
    function setDaoURI(string calldata newURI) external {
        if (msg.sender != TIMELOCK) revert CoalitionUnauthorized(msg.sender, TIMELOCK);
        _setURI(newURI);
    }

    /// @inheritdoc IERC4824
    function daoURI() external view returns (string memory) {
        return _uri;
    }

    /// @inheritdoc ICoalition
    function organ(bytes32 name) external view returns (address account) {
        account = _named[name];
        if (account == address(0)) revert CoalitionUnknownOrgan(name);
    }

    /// @inheritdoc ICoalition
    function organs() external view returns (Organ[] memory) {
        return _organs;
    }

    /// @inheritdoc ICoalition
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IERC4824).interfaceId || super.supportsInterface(interfaceId);
    }

    function _setURI(string memory uri) private {
        bytes memory text = bytes(uri);
        if (text.length < MIN_URI || text.length > MAX_URI) revert CoalitionInvalidURI(uri);
        if (!_beginsWith(text, "https://") && !_beginsWith(text, "ipfs://")) revert CoalitionInvalidURI(uri);
        // bound: 256 characters
        for (uint256 i; i < text.length; ++i) {
            bytes1 character = text[i];
            bool plain = character > 0x20 && character < 0x7f && character != '"' && character != "\\";
            if (!plain) revert CoalitionInvalidURI(uri);
        }
        _uri = uri;
        emit DAOURIUpdate(address(this), uri);
    }

    function _beginsWith(bytes memory text, bytes memory beginning) private pure returns (bool) {
        // bound: 8 characters
        for (uint256 i; i < beginning.length; ++i) {
            if (text[i] != beginning[i]) return false;
        }
        return true;
    }
}
