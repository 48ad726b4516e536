#include "child_process.hpp"

#include "file_text.hpp"
#include "temp_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace hawser::test {
namespace {

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(char** argv, const char* directory, const char* output,
                         const char* input) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = ::open(input, O_RDONLY);
  const int out = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (in >= 0 && out >= 0 && ::chdir(directory) == 0 && ::dup2(in, STDIN_FILENO) >= 0 &&
      ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(out, STDERR_FILENO) >= 0) {
    if (in > STDERR_FILENO) ::close(in);
    if (out > STDERR_FILENO) ::close(out);
    ::execvp(argv[0], argv);
  }
  ::_exit(127);
}

exit_status decoded(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace

child_process::child_process(std::vector<std::string> argv, const std::filesystem::path& directory,
                             std::filesystem::path output, const std::filesystem::path& input)
    : output_(std::move(output)) {
  std::vector<char*> pointers;
  for (auto& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const char* from = input.empty() ? "/dev/null" : input.c_str();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become(pointers.data(), directory.c_str(), output_.c_str(), from);
}

child_process::~child_process() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void child_process::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

std::optional<exit_status> child_process::wait(std::chrono::milliseconds deadline) {
  wait_until([this] { return !running(); }, deadline);
  return status_;
}

bool child_process::running() {
  if (status_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = decoded(status);
  return false;
}

std::string child_process::output() const { return file_text(output_); }

finished_program run_program(std::vector<std::string> argv, std::string_view input,
                             std::chrono::milliseconds deadline) {
  const temp_directory directory;
  const auto in = directory.path() / "input";
  write_file(in, input);
  const auto name = argv.front();
  child_process program(std::move(argv), directory.path(), directory.path() / "output", in);
  const auto status = program.wait(deadline);
  if (!status) throw std::runtime_error(name + " does not end; its output: " + program.output());
  return {program.output(), *status};
}

}  // namespace hawser::test
