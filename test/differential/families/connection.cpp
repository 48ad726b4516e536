#include "families.hpp"

namespace hawser::test::families {

// What is the connection's own, or newer than 7.0.
constexpr const char* own_fields =
    " ?(id|l?addr|fd|age|idle|watch|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|oll|omem|tot-mem|"
    "events|redir|lib-name|lib-ver)=[^ \n]*";

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
        {4, "CLIENT INFO", compare_mode::lines, 0, false, own_fields},
        {3, "CLIENT LIST [TYPE (normal|pubsub|replica|slave|master)]", compare_mode::lines, 0,
         false, own_fields},
        {3, "CLIENT LIST ID (<client-id>+|99999999|<client-id>+ 99999999)", compare_mode::lines, 0,
         false, own_fields},
        {2, "CLIENT LIST (TYPE (normal|nosuch|<text>)|ID <text>|<text>)", compare_mode::shape},
        {3, "CLIENT KILL TYPE (pubsub|replica|slave|master) [SKIPME (yes|no)]"},
        {2, "CLIENT KILL [ID (0|-1|99999999)] [USER (nobody|default)] ADDR 1.2.3.4:5"},
        {2, "CLIENT KILL (1.2.3.4:5|<text>|LADDR|ID|TYPE)"},
        {2, "CLIENT KILL (<client-addr>|ADDR <client-addr>|ID <client-id>)", compare_mode::bytes, 0,
         false},
        {2, "CLIENT KILL [TYPE (normal|pubsub)] ID <client-id> [SKIPME (yes|no|<text>)]",
         compare_mode::bytes, 0, false},
        {2, "CLIENT KILL ADDR <client-addr> ID <client-id> [USER (default|nobody)] [SKIPME no]",
         compare_mode::bytes, 0, false},
        {2, "CLIENT NO-EVICT (ON|OFF|on|<text>)"},
        {2, "CLIENT (UNPAUSE|GETREDIR|TRACKINGINFO|NOSUCH)"},
        {1, "CLIENT PAUSE 0 [WRITE|ALL]"},
        {2, "CLIENT PAUSE (0|-1|abc|1.5) [WRITE|ALL|NONE]"},
        {2, "CLIENT UNBLOCK 99999999 [TIMEOUT|ERROR|<text>]"},
        {1, "CLIENT CACHING (YES|NO|<text>)"},
        {3, "CLIENT UNBLOCK <client-id> [TIMEOUT|ERROR]", compare_mode::bytes, 0, false},
        {1, "CLIENT TRACKING (OFF|<text>) [OPTIN|OPTOUT|BCAST|NOLOOP] [PREFIX <text>]"},
        {2, "SUBSCRIBE <channel>+"},
        {2, "PSUBSCRIBE <channel-pattern>"},
        {4, "PUBLISH <channel> <text>"},
        {3, "SET <key> <text>"},
        {3, "GET <key>"},
        {2, "(NOSUCH|nosuch|HELO|CLIENTS) <text>+"},
        {3,
         "CLIENT REPLY OFF ; (PING|SET <key> <text>|NOSUCH|UNSUBSCRIBE <channel>) ; "
         "[PUBLISH <channel> <text> ;] [SELECT <db> ;] CLIENT REPLY ON",
         compare_mode::bytes, 0, false},
        {3,
         "CLIENT REPLY SKIP ; (PING|SET <key> <text>|NOSUCH|SUBSCRIBE <channel>|SELECT <db>|RESET|"
         "CLIENT REPLY ON|PUBLISH <channel> <text>)",
         compare_mode::bytes, 0, false},
        {2, "CLIENT REPLY (ON|<name>)", compare_mode::bytes, 0, false},
        {2, "CLIENT (ID|GETNAME|INFO|REPLY|LIST ID|SETNAME|KILL|UNBLOCK) [<text>]",
         compare_mode::shape},
        {2, "COMMAND GETKEYS (GET|SET|MSET|DEL|NOSUCH) <key,text>+"},
    },
    true};

}  // namespace hawser::test::families
