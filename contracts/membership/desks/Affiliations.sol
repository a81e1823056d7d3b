// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RollDesk} from "./RollDesk.sol";

contract Affiliations is RollDesk {
    constructor(string memory name_, bool firstOneVoice, uint32 firstCooldown) RollDesk(name_) {}
}
