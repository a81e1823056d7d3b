// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMembership} from "../IMembership.sol";
import {OpenAdmission} from "./OpenAdmission.sol";

contract AttestedAdmission is OpenAdmission {
    constructor(string memory name_, IMembership roll_, address timelock_) {}
}
