#include "random_scripts.hpp"

#include <initializer_list>
#include <string_view>

namespace hawser::test {

namespace {

/// Shows values as text, strings in hex, tables sorted.
constexpr std::string_view show =
    "local show local function one(v) if type(v)=='table' then return show(v) end if "
    "type(v)=='string' then return 's:'..v:gsub('.',function(c) return "
    "string.format('%02x',c:byte()) end) end return tostring(v) end show=function(t) local o={} "
    "for k,v in pairs(t) do o[#o+1]=one(k)..'='..one(v) end table.sort(o) return "
    "'{'..table.concat(o,';')..'}' end local function try(f,...) local r={pcall(f,...)} return "
    "show(r) end ";

class script_maker {
 public:
  explicit script_maker(std::mt19937_64& random) : random_(random) {}

  std::string make() {
    switch (below(12)) {
      case 0:
        return "return " + value(0);
      case 1:
        return "return cjson.encode(" + value(0) + ")";
      case 2:
        return show_of("return try(cjson.decode," + quoted(spoilt(json(0))) + ")");
      case 3:
        return show_of("return try(cmsgpack.pack," + value(0) + "," + value(0) + ")");
      case 4:
        return show_of("return try(cmsgpack." + pick({"unpack", "unpack", "unpack_one"}) + "," +
                       quoted(spoilt(msgpack(0))) + ")");
      case 5:
        return show_of("return try(struct.unpack,'" + format() + "'," + quoted(bytes(40)) + ")");
      case 6:
        return show_of("return try(struct.pack,'" + format() + "'," + numbers() + ")");
      case 7:
        return "return bit." +
               pick({"band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror", "tohex"}) +
               "(" + number() + "," + number() + ")";
      case 8:
        return pick({"redis.setresp(3) ", ""}) + "return " + call();
      case 9:
        return "local r={} for i=1," + std::to_string(below(5)) + " do r[i]=" + call() +
               " end return r";
      case 10:
        return call() + " local a=" + call() + " if type(a)=='table' then return #a end return a";
      default:
        return "local n=tonumber(ARGV[2]) or 0 for i=1,3 do n=n+redis.call('INCRBY',KEYS[1],i) end "
               "return n";
    }
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string pick(std::initializer_list<std::string_view> of) {
    return std::string(of.begin()[below(of.size())]);
  }
  static std::string show_of(const std::string& script) { return std::string(show) + script; }

  std::string key() { return below(2) == 0 ? "KEYS[1]" : "KEYS[2]"; }
  std::string text() { return below(2) == 0 ? "ARGV[1]" : "'t" + std::to_string(below(9)) + "'"; }

  /// A call of a command, now and then one that does not exist or has arguments that cannot be.
  std::string call() {
    std::string words;
    switch (below(14)) {
      case 0:
        words = "'SET'," + key() + "," + text();
        break;
      case 1:
        words = "'GET'," + key();
        break;
      case 2:
        words = "'RPUSH'," + key() + "," + text() + "," + number();
        break;
      case 3:
        words = "'LRANGE'," + key() + ",0,-1";
        break;
      case 4:
        words = "'HSET'," + key() + "," + text() + "," + number();
        break;
      case 5:
        words = "'HGETALL'," + key();
        break;
      case 6:
        words = "'ZADD'," + key() + "," + number() + "," + text();
        break;
      case 7:
        words = "'ZRANGE'," + key() + ",0,-1,'WITHSCORES'";
        break;
      case 8:
        words = "'SADD'," + key() + "," + text();
        break;
      case 9:
        words = "'DEL'," + key();
        break;
      case 10:
        words = "'INCR'," + key();
        break;
      case 11:
        words = "'BLPOP'," + key() + ",0";
        break;
      case 12:
        words = "'ZSCORE'," + key() + "," + text();
        break;
      default:
        words = pick({"'NOSUCH'", "'GET'", "'SUBSCRIBE','x'", "{}", "'ECHO',true", ""});
    }
    return (below(3) == 0 ? "redis.call(" : "redis.pcall(") + words + ")";
  }

  std::string number() {
    switch (below(8)) {
      case 0:
        return "-" + std::to_string(below(1000));
      case 1:
        return std::to_string(below(1000)) + "." + std::to_string(below(1000));
      case 2:
        return std::to_string(random_() >> below(64));
      case 3:
        return "-" + std::to_string(random_() >> (1 + below(63)));
      case 4:
        return pick({"1e300", "2^31", "2^53", "-2^31", "0.1", "1e-7", "2^63", "1e15"});
      default:
        return std::to_string(below(100));
    }
  }
  std::string numbers() { return number() + "," + number() + "," + number() + ",'abc'"; }

  /// An expression of Lua.
  std::string value(int depth) {
    const auto kind = below(depth < 3 ? 9 : 6);
    if (kind < 3) return number();
    if (kind == 3) return pick({"true", "false", "nil", "cjson.null", "ARGV[1]", "KEYS"});
    if (kind < 6) return quoted(bytes(12));
    std::string all = "{";
    const bool pairs = kind == 7;
    for (auto left = below(5); left > 0; --left) {
      if (pairs) all += "k" + std::to_string(below(20)) + "=";
      if (kind == 8) all += "[" + number() + "]=";
      all += value(depth + 1) + ",";
    }
    if (below(8) == 0) all += pick({"ok='fine'", "err='BAD thing'", "double=1.5", "[2]=7"});
    return all + "}";
  }

  std::string bytes(std::size_t most) {
    std::string made;
    const bool any = below(2) == 0;
    for (auto left = below(most); left > 0; --left)
      made += static_cast<char>(any ? below(256) : 'a' + below(26));
    return made;
  }

  /// As a literal of Lua.
  static std::string quoted(const std::string& bytes) {
    std::string literal = "\"";
    for (const unsigned char c : bytes) {
      const auto code = std::to_string(c);
      literal += "\\" + std::string(3 - code.size(), '0') + code;
    }
    return literal + "\"";
  }

  std::string json(int depth) {
    switch (below(depth < 4 ? 9 : 6)) {
      case 0:
        return std::to_string(below(100000));
      case 1:
        return "-" + std::to_string(below(100)) + "." + std::to_string(below(100));
      case 2:
        return pick({"true", "false", "null", "1e5", "0", "-0", "inf", "nan", "0x1f", "1E-2"});
      case 3:
        return "\"" + pick({"a", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\\\", "x y", ""}) + "\"";
      case 4:
        return " " + std::to_string(below(10)) + " ";
      case 5:
        return "\"k" + std::to_string(below(9)) + "\"";
      case 6:
      case 7: {
        std::string all = "[";
        for (auto left = below(4); left > 0; --left) all += json(depth + 1) + (left > 1 ? "," : "");
        return all + "]";
      }
      default: {
        std::string all = "{";
        for (auto left = below(4); left > 0; --left)
          all += "\"k" + std::to_string(below(9)) + "\":" + json(depth + 1) + (left > 1 ? "," : "");
        return all + "}";
      }
    }
  }

  std::string msgpack(int depth) {
    const auto byte = [](std::size_t value) { return std::string(1, static_cast<char>(value)); };
    switch (below(depth < 4 ? 9 : 6)) {
      case 0:
        return byte(below(128));
      case 1:
        return byte(0xe0 + below(32));
      case 2:
        return byte(0xc0 + below(32)) + bytes(10);
      case 3: {
        const auto body = bytes(20);
        return byte(0xa0 + body.size()) + body;
      }
      case 4:
        return byte(0xcc + below(8)) + bytes(9);
      case 5:
        return byte(0xc0 + below(4));
      case 6: {
        const auto count = below(4);
        std::string all = byte(0x90 + count);
        for (std::size_t i = 0; i < count; ++i) all += msgpack(depth + 1);
        return all;
      }
      default: {
        const auto count = below(4);
        std::string all = byte(0x80 + count);
        for (std::size_t i = 0; i < count; ++i) all += byte(below(100)) + msgpack(depth + 1);
        return all;
      }
    }
  }

  std::string format() {
    std::string made;
    for (auto left = 1 + below(5); left > 0; --left)
      made += pick({"b", "B", "h",  "H",  "i", "I", "l", "L", "T",  "i3", "I5", "i16", "f",
                    "d", "s", "c3", "c0", "x", "<", ">", "!", "!4", "!2", " ",  "i33", "y"});
    return made;
  }

  std::string spoilt(std::string text) {
    if (below(4) != 0 || text.empty()) return text;
    if (below(2) == 0)
      text.resize(below(text.size()));
    else
      text[below(text.size())] = static_cast<char>(below(256));
    return text;
  }

  std::mt19937_64& random_;
};

}  // namespace

std::string random_script(std::mt19937_64& random) { return script_maker(random).make(); }

}  // namespace hawser::test
