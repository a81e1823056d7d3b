// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdmissionPolicy} from "./IAdmissionPolicy.sol";
import {OpenAdmission} from "./OpenAdmission.sol";

contract CombinedAdmission is OpenAdmission {
    constructor(IAdmissionPolicy[] memory policies_, bool all_) {}
}
