#include "grammar.hpp"

namespace hawser::test {
namespace {

// Times to live are taken a moment apart on both servers.
constexpr int seconds_apart = 5;
constexpr int milliseconds_apart = 5'000;

const command_family strings{
    "strings",
    1,
    {
        {10, "SET <key> <text>"},
        {10, "SET <key> <text> [NX|XX] [GET] [EX <seconds>|PX <milliseconds>|KEEPTTL]"},
        {6, "SET <key> <text> [EXAT <unix>|PXAT <unix-ms>|EXAT <past>] [GET] [XX|NX]"},
        {3, "SET <key> <int>"},
        {3, "SET <key> <big>"},
        {8, "GET <key>"},
        {3, "GETDEL <key>"},
        {6, "GETEX <key> [EX <seconds>|PX <milliseconds>|EXAT <unix>|PXAT <unix-ms>|PERSIST]"},
        {4, "GETSET <key> <text>"},
        {6, "GETRANGE <key> <index> <index>"},
        {2, "SUBSTR <key> <index> <index>"},
        {5, "SETRANGE <key> <offset> <text>"},
        {3, "SETEX <key> <seconds> <text>"},
        {3, "PSETEX <key> <milliseconds> <text>"},
        {3, "SETNX <key> <text>"},
        {4, "MSET <key,text>+"},
        {3, "MSETNX <key,text>+"},
        {4, "MGET <key>+"},
        {6, "APPEND <key> <text>"},
        {4, "STRLEN <key>"},
        {5, "INCR <key>"},
        {4, "DECR <key>"},
        {5, "INCRBY <key> (<int>|<big>|<int>)"},
        {4, "DECRBY <key> (<int>|<big>|<int>)"},
        {6, "INCRBYFLOAT <key> (<float>|<int>|<text>)"},
        {5, "LCS <key> <key> [LEN|IDX [MINMATCHLEN <index>] [WITHMATCHLEN]]"},
        {3, "OBJECT ENCODING <key>"},
        {2, "TTL <key>", compare_mode::bytes, seconds_apart},
        {3, "DEL <key>+"},
        {1, "LPUSH <key> <text>"},
        {1, "TYPE <key>"},
    }};

const command_family keys{
    "keys",
    1,
    {
        {12, "SET <key> <text>"},
        {3, "SET <key> <text> EX <seconds>"},
        {2, "LPUSH <key> <text>+"},
        {1, "SADD <key> <int>+"},
        {1, "HSET <key> <key> <text>"},
        {1, "ZADD <key> <int> <text>"},
        {4, "DEL <key>+"},
        {2, "UNLINK <key>+"},
        {3, "EXISTS <key>+"},
        {2, "TOUCH <key>+"},
        {4, "TYPE <key>"},
        {3, "KEYS <pattern>", compare_mode::unordered},
        {3, "SCAN 0 COUNT 1000 [MATCH <pattern>] [TYPE (string|list|hash|nosuch)]",
         compare_mode::unordered},
        {1, "RANDOMKEY", compare_mode::shape},
        {5, "RENAME <key> <key>"},
        {4, "RENAMENX <key> <key>"},
        {5, "EXPIRE <key> <seconds> [NX|XX|GT|LT]"},
        {4, "PEXPIRE <key> <milliseconds> [NX|XX|GT|LT] [GT|LT|XX]"},
        {4, "EXPIREAT <key> <unix> [NX|XX|GT|LT] [GT|LT|XX]"},
        {3, "PEXPIREAT <key> <unix-ms> [NX|XX|GT|LT]"},
        {2, "(EXPIREAT|PEXPIREAT) <key> <past> [NX|XX|GT|LT]"},
        {2, "(EXPIRE|PEXPIRE) <key> (0|-1|-100) [NX|XX|GT|LT]"},
        {3, "TTL <key>", compare_mode::bytes, seconds_apart},
        {3, "PTTL <key>", compare_mode::bytes, milliseconds_apart},
        {3, "EXPIRETIME <key>", compare_mode::bytes, seconds_apart},
        {3, "PEXPIRETIME <key>", compare_mode::bytes, milliseconds_apart},
        {3, "PERSIST <key>"},
        {5, "COPY <key> <key> [DB <db>] [REPLACE]"},
        {4, "MOVE <key> <db>"},
        {4, "SELECT <db>"},
        {3, "OBJECT (ENCODING|REFCOUNT) <key>"},
        {1, "OBJECT FREQ <key>"},
        {3, "DBSIZE"},
        {1, "SWAPDB <db> <db>"},
        {1, "FLUSHDB [ASYNC|SYNC]"},
        {2, "GET <key>"},
        {1, "DEBUG DIGEST"},
        {1, "DEBUG DIGEST-VALUE <key>+"},
    }};

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

const command_family bitmaps{
    "bitmaps",
    1,
    {
        {10, "SETBIT <key> <offset> (0|1)"},
        {2, "SETBIT <key> <bit> (0|1)"},
        {4, "GETBIT <key> <offset>"},
        {2, "GETBIT <key> <bit>"},
        {4, "BITCOUNT <key> [<index> <index> [BYTE|BIT]]"},
        {4, "BITCOUNT <key> (<offset>|<bit>) (<offset>|<bit>|<index>) [BYTE|BIT]"},
        {5, "BITPOS <key> (0|1) [<index> [<index> [BYTE|BIT]]]"},
        {4, "BITPOS <key> (0|1) (<offset>|<bit>) [(<offset>|<bit>) [BIT]]"},
        {6, "BITOP (AND|OR|XOR) <key> <key>+"},
        {3, "BITOP NOT <key> <key>"},
        {6,
         "BITFIELD <key> [OVERFLOW (WRAP|SAT|FAIL)] (SET|INCRBY) <type> <offset> (<int>|<big>) "
         "[GET <type> <offset>]"},
        {6,
         "BITFIELD <key> INCRBY <type> <offset> <int> OVERFLOW (WRAP|SAT|FAIL) "
         "INCRBY <type> <offset> (<int>|<big>) SET <type> <offset> (<int>|<big>) GET <type> <bit>"},
        {3, "BITFIELD <key> OVERFLOW FAIL (SET|INCRBY) <type> <bit> (<int>|<big>)"},
        {3, "BITFIELD <key> GET <type> <bit>"},
        {3, "BITFIELD_RO <key> GET <type> <offset> GET <type> <bit>"},
        {4, "SET <key> (<text>|<int>|<big>)"},
        {2, "SETRANGE <key> <bit> <text>"},
        {2, "APPEND <key> <text>"},
        {4, "GET <key>"},
        {2, "OBJECT ENCODING <key>"},
        {2, "EXPIRE <key> <seconds>"},
        {1, "TTL <key>", compare_mode::bytes, seconds_apart},
        {3, "DEL <key>+"},
        {1, "LPUSH <key> <text>"},
    }};

const command_family hyperloglog{
    "hyperloglog",
    1,
    {
        {10, "PFADD <key> <element>+"},
        {6, "PFADD <key> <element>+ <element>+ <element>+ <element>+ <element>+ <element>+"},
        {1, "PFADD <key>"},
        {6, "PFCOUNT <key>"},
        {4, "PFCOUNT <key>+"},
        {6, "PFMERGE <key> <key>+"},
        {1, "PFMERGE <key>"},
        {10, "GET <key>"},
        {2, "PFDEBUG (ENCODING|DECODE) <key>"},
        {1, "PFDEBUG (TODENSE|GETREG) <key>"},
        {3, "SET <key> <hll>"},
        {1, "SET <key> (<text>|<int>)"},
        {2, "OBJECT ENCODING <key>"},
        {2, "STRLEN <key>"},
        {1, "EXPIRE <key> <seconds>"},
        {1, "TTL <key>", compare_mode::bytes, seconds_apart},
        {2, "DEL <key>"},
        {1, "COPY <key> <key> REPLACE"},
        {1, "CONFIG SET hll-sparse-max-bytes (0|18|100|1000|3000|3000|100000)"},
    }};

}  // namespace

const std::vector<command_family>& command_families() {
  static const std::vector<command_family> all{strings, keys, transactions, bitmaps, hyperloglog};
  return all;
}

}  // namespace hawser::test
