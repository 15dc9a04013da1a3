#include "app/cli/output_options.h"

#include <CLI/Option.hpp>
#include <filesystem>
#include <system_error>

#include "engine/api/export.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

Failure absurd(const std::string& what, long long value, long long low, long long high) {
  return Failure(ErrorCode::kInvalidArgument, what + " " + std::to_string(value) + " is out of range",
                 "give a number from " + std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace

int in_range(const std::string& option, long long value, long long low, long long high) {
  if (value < low || value > high) throw absurd(option, value, low, high);
  return static_cast<int>(value);
}

Condition parse_condition(const std::string& option, const std::string& text) {
  const std::string hint = "write " + option + " potion, or " + option + " potion=1,sword=0.5";
  Condition condition;
  for (const auto& part : split(text, ',')) {
    const auto equals = part.rfind('=');
    const std::string name(trimmed(std::string_view(part).substr(0, equals)));
    double weight = 1;
    if (equals != std::string::npos) {
      const auto number = parse_real(trimmed(std::string_view(part).substr(equals + 1)));
      if (!number) throw Failure(ErrorCode::kInvalidArgument, "“" + part + "” is no class with its weight", hint);
      weight = *number;
    }
    if (name.empty()) throw Failure(ErrorCode::kInvalidArgument, "a class has no name in “" + text + "”", hint);
    condition.push_back({name, weight});
  }
  return condition;
}

void add_force(CLI::App& command, bool& force) { command.add_flag("--force", force, "Replaces files that are there"); }

void check_new_file(const std::string& path, bool force) {
  check_writable(path);
  std::error_code error;
  if (!force && std::filesystem::is_regular_file(path, error))
    throw Failure(ErrorCode::kUnwritable, "“" + path + "” is there already", "choose another name, or replace it with --force");
}

void check_new_picture(std::string_view option, const std::string& path, bool force) {
  check_ending(option, path, {".png"});
  check_new_file(path, force);
}

void check_model_ending(const std::string& path) { check_ending("--out", path, {".safetensors", ".st"}); }

void check_no_run(const std::vector<std::filesystem::path>& files) {
  std::error_code ignored;
  for (const std::filesystem::path& there : files) {
    if (there.empty() || !std::filesystem::exists(there, ignored)) continue;
    throw Failure(ErrorCode::kInvalidArgument, "there is a run already: “" + there.string() + "” exists",
                  "go on with it with --resume, choose another name, or replace it with --force");
  }
}

}  // namespace kiln
