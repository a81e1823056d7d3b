// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RollDesk} from "./RollDesk.sol";

contract Confirmations is RollDesk {
    constructor(string memory name_, uint32 firstPeriod) RollDesk(name_) {}
}
