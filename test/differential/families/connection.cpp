#include "families.hpp"

namespace hawser::test::families {

const command_family connection{
    "connection",
    4,
    {
        {8, "PING [<text>]"},
        {4, "ECHO <text>"},
        {6, "SELECT <db>"},
        {3, "SELECT (15|16|-1|<big>)"},
        {2, "QUIT"},
        {3, "RESET"},
        {4, "HELLO [2|3] [SETNAME <name>] [AUTH default <text>]", compare_mode::shape},
        {3, "HELLO (2|3) [AUTH default <text>] [SETNAME <name>]", compare_mode::shape},
        {3, "AUTH [default|<name>] <text>"},
        {2, "CLIENT ID", compare_mode::shape},
        {5, "CLIENT GETNAME"},
        {5, "CLIENT SETNAME <name>"},
        {2, "CLIENT SETNAME <text>"},
        {2, "CLIENT INFO", compare_mode::shape},
        {2, "CLIENT LIST [TYPE (normal|pubsub|replica|slave|master|nosuch)]", compare_mode::shape},
        {1, "CLIENT LIST ID <index>", compare_mode::shape},
        {3, "CLIENT KILL TYPE (pubsub|replica|slave|master) [SKIPME (yes|no)]"},
        {2, "CLIENT KILL [ID (0|-1|99999999)] [USER (nobody|default)] ADDR 1.2.3.4:5"},
        {2, "CLIENT KILL (1.2.3.4:5|<text>|LADDR|ID|TYPE)"},
        {2, "CLIENT NO-EVICT (ON|OFF|on|<text>)"},
        {2, "CLIENT (UNPAUSE|GETREDIR|TRACKINGINFO|NOSUCH)"},
        {1, "CLIENT PAUSE 0 [WRITE|ALL]"},
        {2, "CLIENT PAUSE (0|-1|abc|1.5) [WRITE|ALL|NONE]"},
        {2, "CLIENT UNBLOCK 99999999 [TIMEOUT|ERROR|<text>]"},
        {1, "CLIENT CACHING (YES|NO|<text>)"},
        {1, "CLIENT TRACKING (OFF|<text>) [OPTIN|OPTOUT|BCAST|NOLOOP] [PREFIX <text>]"},
        {2, "SUBSCRIBE <channel>+"},
        {2, "PSUBSCRIBE <channel-pattern>"},
        {4, "PUBLISH <channel> <text>"},
        {3, "SET <key> <text>"},
        {3, "GET <key>"},
        {2, "(NOSUCH|nosuch|HELO|CLIENTS) <text>+"},
        {2, "COMMAND GETKEYS (GET|SET|MSET|DEL|NOSUCH) <key,text>+"},
    },
    true};

}  // namespace hawser::test::families
