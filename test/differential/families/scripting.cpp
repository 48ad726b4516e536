#include "families.hpp"

namespace hawser::test::families {

const command_family scripting{"scripting",
                               1,
                               {
                                   {40, "EVAL <script> 2 <key> <key> <text> <int>"},
                                   {6, "EVAL <script> 2 <key> <key> <text> <int> <int>"},
                                   {6, "EVAL_RO <script> 2 <key> <key> <text> <int>"},
                                   {2, "SCRIPT LOAD <script>"},
                                   {1, "SCRIPT FLUSH [ASYNC|SYNC]"},
                                   {1, "EVALSHA <text> 0"},
                                   {3, "DEL <key>"},
                                   {2, "SET <key> <int>"},
                                   {2, "TYPE <key>"},
                                   {1, "MULTI"},
                                   {2, "EXEC"},
                               }};

}  // namespace hawser::test::families
