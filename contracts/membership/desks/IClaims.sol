// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRollDesk} from "./IRollDesk.sol";

interface IClaims is IRollDesk {
    struct Rules {
        uint32 cooldown;
        uint32 window;
        uint16 challengers;
    }
}
