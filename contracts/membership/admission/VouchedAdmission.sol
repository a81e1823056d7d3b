// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {OpenAdmission} from "./OpenAdmission.sol";

contract VouchedAdmission is OpenAdmission {
    struct Rules {
        uint8 vouchers;
        uint8 groups;
        uint8 slots;
        uint32 cooldown;
    }
    constructor(string memory name_, IMembership roll_, Rules memory rules_) {}
}
