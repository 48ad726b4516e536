# ruby-redis: shows what the library makes of a server's replies. PORT, TLS_PORT and CERTIFICATES (a folder) are
# in the environment.
require "redis"

$stdout.sync = true
def show(what, value)
  puts "#{what}: #{value.inspect}"
end

def error_of
  yield
rescue Redis::BaseError => problem
  "#{problem.class}: #{problem.message}"
end

def connect(**options)
  Redis.new(port: Integer(ENV.fetch("PORT")), **options)
end

r = connect(id: "ruby")
r.flushall
show("name", r.client(:getname))
show("strings", [r.set("s", "v", nx: true, ex: 10), r.set("s", "v", nx: true), r.getset("s", "w"), r.mapped_mget("s", "none")])
show("bytes", [r.set("b", "\x00\xff\r\n".b), r.get("b").bytes])
show("hash", [r.mapped_hmset("h", { "a" => 1, "b" => 2 }), r.hgetall("h"), r.hincrbyfloat("h", "a", 0.5)])
show("zset", [r.zadd("z", [[1, "a"], [2.5, "b"], ["+inf", "c"]]), r.zrange("z", 0, -1, with_scores: true), r.zpopmin("z"), r.zscore("z", "c")])
show("error", error_of { r.lpush("h", 1) })
show("info", [r.info("replication")["role"], r.config(:get, "maxmemory-policy")])

show("pipeline", r.pipelined { |p| 3.times { p.incr("n") }; p.get("n") })
show("multi", r.multi { |t| t.set("t", 1); t.incr("t") })
show("watch", r.watch("t") { connect.set("t", 9); r.multi { |t| t.incr("t") } })

10_000.times.each_slice(1000) { |some| r.mset(*some.flat_map { |i| ["scan:#{i}", i] }) }
show("scan", r.scan_each(match: "scan:*1", count: 500).uniq.size)
r.sadd("members", (1..1000).to_a)
show("sscan", r.sscan_each("members").uniq.size)

waiter = Thread.new { connect.blpop("q1", "q2", timeout: 20) }
Thread.pass until r.info("clients")["blocked_clients"] == "1"
r.rpush("q2", "job")
show("blpop", waiter.value)
show("nothing", [connect.blpop("q1", timeout: 0.01), connect.bzpopmin("none", timeout: 0.01)])

events = connect
events.subscribe("news") do |on|
  on.subscribe { |channel, count| show("subscribed", [channel, count]); show("receivers", r.publish("news", "hello")) }
  on.message { |channel, text| show("message", [channel, text]); events.unsubscribe }
  on.unsubscribe { |channel, count| show("left", [channel, count]) }
end

r.xadd("events", { n: 1 }, id: "1-0")
r.xadd("events", { n: 2 }, id: "2-0")
show("groups", [r.xgroup(:create, "events", "g", "0"), error_of { r.xgroup(:create, "events", "g", "0") }])
show("read", [r.xreadgroup("g", "c", "events", ">", count: 1), r.xack("events", "g", "1-0"), r.xpending("events", "g")])

text = "return {KEYS[1], ARGV[1], redis.call('incr', KEYS[1])}"
sha = r.script(:load, text)
r.script(:flush)
show("no script", error_of { r.evalsha(sha, ["k"], ["v"]) })
show("script", [r.eval(text, ["k"], ["v"]), r.evalsha(sha, ["k"], ["v"])])

folder = ENV.fetch("CERTIFICATES")
read = ->(name) { File.read("#{folder}/#{name}") }
tls = Redis.new(port: Integer(ENV.fetch("TLS_PORT")), ssl: true, ssl_params: {
  ca_file: "#{folder}/ca.crt", cert: OpenSSL::X509::Certificate.new(read.("client.crt")),
  key: OpenSSL::PKey.read(read.("client.key")), verify_hostname: false
})
show("tls", [tls.set("large", "v" * 1_000_000), tls.strlen("large")])
