// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RollDesk} from "./RollDesk.sol";

contract KeyRecovery is RollDesk {
    constructor(string memory name_, uint32 firstDelay) RollDesk(name_) {}
}
