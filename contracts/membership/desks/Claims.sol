// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClaims} from "./IClaims.sol";
import {RollDesk} from "./RollDesk.sol";

contract Claims is IClaims, RollDesk {
    constructor(string memory name_, Rules memory firstRules) RollDesk(name_) {}
}
