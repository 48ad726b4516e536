#include "catch.hpp"
#include "engine_fixture.hpp"

// One test for each class of fault that sandboxes of Lua have had.

using namespace hawser::test;

namespace {

std::string eval(engine_fixture& db, const std::string& script) {
  const std::vector<std::string> argv{"EVAL", script, "0"};
  db.own_client().send_argv(argv);
  return db.own_client().reply();
}

constexpr auto modified = "Attempt to modify a readonly table";

}  // namespace

TEST_CASE("Scripts leave nothing behind that others see", "[scripting][sandbox]") {
  engine_fixture db;
  for (const auto* script :
       {"x=1",
        "_G.x=1",
        "rawset(_G,'x',1)",
        "string.x=1",
        "rawset(string,'x',1)",
        "table.insert(string,1)",
        "table.insert(_G,1,1)",
        "redis.call=nil",
        "cjson.encode=nil",
        "getmetatable('').__index=nil",
        "rawset(getmetatable(''),'__index',nil)",
        "getmetatable(_G).__index=nil",
        "setmetatable(_G,{})",
        "setmetatable(string,nil)",
        "setmetatable(getmetatable(_G),{})",
        "local _,t=pairs(string) t.x=1",
        "rawset(select(2,pairs(redis)),'call',1)",
        "local m=getmetatable('') m.__add=1",
        "for k,v in pairs(_G) do if type(v)=='table' then v.x=1 end end",
        "for k,v in next,_G do if type(v)=='table' then rawset(v,'x',1) end end"}) {
    INFO(script);
    CHECK(eval(db, script).find(modified) != std::string::npos);
  }
  CHECK(eval(db, "return {type(string.format), type(redis.call), ('a'):upper()}") ==
        "[function function A]");
  CHECK(eval(db, "return rawget(_G,'x')") == "nil");
  // Tables that C functions write are tables of scripts.
  CHECK(eval(db, "table.sort(string) table.remove(string) return rawget(string,1)") == "nil");
}

TEST_CASE("A kept metatable of a basic type runs nothing for other users", "[scripting][sandbox]") {
  engine_fixture db;
  eval(db, "local m=getmetatable('') m.__index=function() return redis.call('FLUSHALL') end");
  eval(db, "setmetatable(1,{})");
  CHECK(eval(db, "return ('abc'):len()") == "3");
  CHECK(eval(db, "return getmetatable(1)") == "nil");
  CHECK(eval(db, "return getmetatable(print or redis.call)") == "nil");
}

TEST_CASE("Bytecode is not executed", "[scripting][sandbox]") {
  engine_fixture db;
  CHECK(eval(db, "return loadstring(string.dump(function() return 1 end))") == "nil");
  CHECK(eval(db,
             "local d=string.dump(function() return 1 end) local done return load(function() "
             "if not done then done=true return d end end)") == "nil");
  CHECK(eval(db,
             "local d=string.dump(function() return 1 end) local i=0 return load(function() "
             "i=i+1 return i<=#d and d:sub(i,i) or nil end)") == "nil");
  CHECK(eval(db, "\x1bLua").starts_with("!ERR Error compiling script"));
}

TEST_CASE("What reaches out of the sandbox does not exist", "[scripting][sandbox]") {
  engine_fixture db;
  for (const auto* name : {"os", "io", "debug", "package", "require", "module", "dofile",
                           "loadfile", "print", "newproxy", "getfenv", "setfenv"}) {
    INFO(name);
    CHECK(eval(db, std::string("return ") + name).find("nonexistent global") != std::string::npos);
  }
}

TEST_CASE("Parsing what is nested deeply ends with an error", "[scripting][sandbox]") {
  engine_fixture db;
  for (const auto* open : {"(", "{", "a=function() ", "if true then ", "-", "not "}) {
    INFO(open);
    std::string source = "return ";
    for (int i = 0; i < 100'000; ++i) source += open;
    CHECK(eval(db, source).starts_with("!ERR Error compiling script"));
  }
  CHECK(eval(db, "return tostring(loadstring(string.rep('(',100000)))") == "nil");
}

TEST_CASE("Names of chunks outlive collections of garbage during the parsing",
          "[scripting][sandbox]") {
  engine_fixture db;
  CHECK(eval(db,
             "collectgarbage('setpause',0) collectgarbage('setstepmul',100000) for i=1,200 do "
             "local n=0 local f=load(function() n=n+1 collectgarbage() if n==1 then return "
             "'local a'..i..'=' end if n==2 then return string.rep('x',10)..' error(\"e\")' end "
             "end, 'chunk'..i..string.rep('n',i)) pcall(f) loadstring('x(', "
             "'name'..i) end return 'done'") == "done");
}

TEST_CASE("Collecting garbage during a call takes nothing that is in use", "[scripting][sandbox]") {
  engine_fixture db;
  CHECK(eval(db,
             "collectgarbage('setpause',0) collectgarbage('setstepmul',1000000) local t={} for "
             "i=1,200 do redis.call('RPUSH','l','v'..i) t[#t+1]=redis.call('LRANGE','l',0,-1) "
             "cjson.decode(cjson.encode(t[#t])) cmsgpack.unpack(cmsgpack.pack(t[#t])) end "
             "return {#t, t[200][200], t[1][1]}") == "[200 v200 v1]");
  CHECK(eval(db, "collectgarbage('stop') return 1") == "1");
  CHECK(eval(db,
             "local t={} for i=1,100 do t[i]=setmetatable({},{__mode='k'}) end "
             "collectgarbage() return 1") == "1");
}

TEST_CASE("Sizes of struct formats neither overflow nor read beyond the data",
          "[scripting][sandbox]") {
  engine_fixture db;
  for (const auto* call :
       {"struct.unpack('c2147483647', 'x')", "struct.unpack('i4', 'xxxx', 2147483648)",
        "struct.unpack('c10', 'xxxx', -5)", "struct.unpack('Lc0', string.rep('\\255',8)..'abc')",
        "struct.unpack('dc0', struct.pack('d',1e300)..'abc')",
        "struct.unpack('dc0', struct.pack('d',0/0)..'abc')",
        "struct.unpack('fc0', struct.pack('f',-1)..'abc')", "struct.pack('c99999999999','a')",
        "struct.pack('i9999999999999',1)", "struct.unpack('!2147483648i','abcd')"}) {
    INFO(call);
    CHECK(eval(db, std::string("return ") + call).starts_with("!ERR"));
  }
}

TEST_CASE("Lengths that MessagePack announces take no memory before there are bytes",
          "[scripting][sandbox]") {
  engine_fixture db;
  for (const auto* bytes : {"\\221\\255\\255\\255\\255", "\\223\\255\\255\\255\\255",
                            "\\219\\255\\255\\255\\255", "\\221\\127\\255\\255\\255\\1"}) {
    INFO(bytes);
    CHECK(eval(db, std::string("return cmsgpack.unpack('") + bytes + "')")
              .find("Missing bytes in input.") != std::string::npos);
  }
  CHECK(eval(db, "return cmsgpack.unpack(string.rep('\\145',1000000))").starts_with("!ERR"));
  CHECK(eval(db, "return cmsgpack.unpack(string.rep('\\129\\1',1000000))").starts_with("!ERR"));
}

TEST_CASE("JSON as deep as it likes does not overflow the stack", "[scripting][sandbox]") {
  engine_fixture db;
  CHECK(eval(db, "cjson.decode_max_depth(2147483647) return cjson.decode(string.rep('[',1000000))")
            .find("too many nested") != std::string::npos);
  CHECK(eval(db,
             "cjson.encode_max_depth(2147483647) local t={} for i=1,1000000 do t={t} end return "
             "cjson.encode(t)")
            .find("excessive nesting") != std::string::npos);
  CHECK(eval(db, "return cjson.encode({[2147483647]=1})").find("sparse") != std::string::npos);
  CHECK(eval(db, "cjson.encode_sparse_array(true,0,0) return cjson.encode({[1e308]=1})") ==
        R"("{\"1e+308\":1}")");
}

TEST_CASE("Errors that are tables without a text end a script and nothing else",
          "[scripting][sandbox]") {
  engine_fixture db;
  CHECK(eval(db, "error({1,2})").starts_with("!ERR unknown error script: "));
  CHECK(eval(db, "error(setmetatable({},{__index=function() error('x') end}))")
            .starts_with("!ERR unknown error"));
  CHECK(eval(db, "error(redis)").starts_with("!ERR unknown error"));
  CHECK(eval(db, "error(setmetatable({},{__tostring=function() error('x') end}))")
            .starts_with("!ERR"));
  CHECK(eval(db, "return setmetatable({},{__index=function() error('x') end})") == "[]");
  CHECK(db("PING") == "PONG");
}
