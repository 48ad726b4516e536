# ruby-sidekiq: jobs that are done at once, later, at the second try and never, by a real worker process.
# PORT is in the environment.
ENV["REDIS_URL"] = "redis://127.0.0.1:#{ENV.fetch("PORT")}/0"
require "sidekiq"
require "sidekiq/api"

Redis.silence_deprecations = true

Sidekiq.configure_server { |config| config.options[:poll_interval_average] = 0.5 }

class Count
  include Sidekiq::Worker

  def perform(amount)
    Sidekiq.redis { |r| r.incrby("total", amount) }
  end
end

class SecondTry
  include Sidekiq::Worker
  sidekiq_options queue: "urgent", retry: 3

  def perform(name)
    tries = Sidekiq.redis { |r| r.incr("tries:#{name}") }
    raise "not yet" if tries == 1
  end
end

class Doomed
  include Sidekiq::Worker
  sidekiq_options retry: 1
  sidekiq_retries_exhausted { |job, _| Sidekiq.redis { |r| r.rpush("exhausted", job["args"][0]) } }

  def perform(name)
    raise ArgumentError, "never #{name}"
  end
end

return unless $PROGRAM_NAME == __FILE__

$stdout.sync = true
def show(what, value)
  puts "#{what}: #{value.inspect}"
end

def wait_until(what)
  deadline = Time.now + 40
  until yield
    raise "waited too long: #{what}" if Time.now > deadline
    sleep 0.02
  end
end

retries, dead, scheduled = Sidekiq::RetrySet.new, Sidekiq::DeadSet.new, Sidekiq::ScheduledSet.new
total = -> { Sidekiq.redis { |r| r.get("total").to_i } }

Sidekiq::Client.push_bulk("class" => Count, "args" => (1..500).map { |n| [n] })
jobs = 3.times.map { SecondTry.perform_async("again") }
soon, never = Count.perform_in(1, 10_000), Count.perform_in(3600, 1_000_000)
show("queues", Sidekiq::Stats.new.queues)
show("scheduled", [scheduled.size, scheduled.map { |job| job.args }])
show("found", [scheduled.find_job(soon).args, scheduled.find_job(jobs[0]), Sidekiq::Queue.new("urgent").find_job(jobs[0]).klass])
show("deleted", [scheduled.find_job(never).delete, scheduled.size])
Sidekiq::Queue.new("urgent").clear
show("cleared", Sidekiq::Queue.all.map { |queue| [queue.name, queue.size] })

worker = spawn(*%w[setpriv --pdeathsig KILL /usr/bin/sidekiq -q urgent -q default -c 4 -r], File.expand_path(__FILE__), out: "/dev/null")
begin
  wait_until("the jobs of now and of soon") { total.() == 125_250 + 10_000 }
  show("total", total.())
  SecondTry.perform_async("twice")
  Doomed.perform_async("this")
  wait_until("failures") { retries.size == 2 }
  show("failed", retries.map { |job| [job.klass, job["error_class"], job["error_message"], job["retry_count"]] }.sort)
  retries.each { |job| job.reschedule(Time.now.to_f) }
  wait_until("second tries") { dead.size == 1 && retries.size == 0 && Sidekiq.redis { |r| r.get("tries:twice") } == "2" }
  show("exhausted", Sidekiq.redis { |r| r.lrange("exhausted", 0, -1) })
  show("dead", dead.map { |job| [job.klass, job.args, job["retry_count"]] })
  processes = Sidekiq::ProcessSet.new
  show("processes", processes.map { |process| [process["concurrency"], process["queues"].sort] })
  processes.each(&:stop!)
  _, status = Process.wait2(worker)
  worker = nil
  show("stopped", [status.exitstatus, Sidekiq::ProcessSet.new.size])
  s = Sidekiq::Stats.new
  show("statistics", [s.processed, s.failed, s.enqueued, s.scheduled_size, s.retry_size, s.dead_size])
ensure
  Process.kill("KILL", worker) && Process.wait(worker) if worker
end
