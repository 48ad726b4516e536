#include "families.hpp"

namespace hawser::test::families {

const command_family transactions{"transactions",
                                  3,
                                  {
                                      {12, "MULTI"},
                                      {12, "EXEC"},
                                      {3, "DISCARD"},
                                      {6, "WATCH <key>+"},
                                      {2, "UNWATCH"},
                                      {8, "SET <key> <text>"},
                                      {6, "INCR <key>"},
                                      {6, "GET <key>"},
                                      {3, "MGET <key>+"},
                                      {3, "DEL <key>+"},
                                      {2, "RENAME <key> <key>"},
                                      {2, "APPEND <key> <text>"},
                                      {2, "LPUSH <key> <text>"},
                                      {2, "SETNX <key> <text>"},
                                      {2, "EXPIRE <key> <seconds> [NX|XX|GT|LT]"},
                                      {1, "PERSIST <key>"},
                                      {1, "COPY <key> <key> [REPLACE]"},
                                      {1, "MOVE <key> <db>"},
                                      {2, "SELECT <db>"},
                                      {1, "SWAPDB <db> <db>"},
                                      {1, "FLUSHDB"},
                                      {1, "FLUSHALL"},
                                      {1, "RESET"},
                                      {1, "NOSUCH <key>"},
                                      {1, "PUBLISH <channel> <text>"},
                                      {2, "DBSIZE"},
                                      {2, "PING [<text>]"},
                                      {1, "CLIENT SETNAME (one|two)"},
                                      {1, "CLIENT GETNAME"},
                                  }};

}  // namespace hawser::test::families
