#pragma once

#include "interpreter.hpp"
#include "script_flags.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hawser::scripting {

/// A script that has been compiled.
struct script {
  std::string sha;  // of its text, 40 lower-case hex digits
  std::string text;
  script_flags flags;
  int function;  // its reference in the registry
};

/// The scripts that EVAL and SCRIPT LOAD have brought, until SCRIPT FLUSH.
class script_cache {
 public:
  explicit script_cache(runtime& home) : home_(home) {}

  /// Null: it is not there. The name may be in upper case.
  const script* find(std::string_view sha) const;
  const script* find_text(std::string_view text) const;

  /// The script with this text, which is compiled when it is new. Throws command_error.
  const script& get(std::string_view text);

  /// Forgets all; what is left of them is destroyed where the caller likes.
  std::shared_ptr<interpreter> clear();

  interpreter& vm();

  std::size_t size() const { return by_text_.size(); }
  /// Bytes, those of the interpreter left out.
  std::size_t memory() const { return memory_; }
  std::size_t vm_memory() const { return vm_ ? vm_->memory() : 0; }

 private:
  runtime& home_;
  std::shared_ptr<interpreter> vm_;  // from the first use on
  std::unordered_map<std::string_view, std::unique_ptr<script>> by_text_;
  std::unordered_map<std::string_view, const script*> by_sha_;
  std::size_t memory_ = 0;
};

}  // namespace hawser::scripting
