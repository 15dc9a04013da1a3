#include "app/cli/output_options.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/error.h"
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

std::string lower_ending(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& letter : ending) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return ending;
}

void check_ending(const std::string& option, const std::string& path, const std::vector<std::string>& endings) {
  const std::string ending = lower_ending(path);
  if (path.empty() || ending.empty() || std::find(endings.begin(), endings.end(), ending) != endings.end()) return;
  throw Failure(ErrorCode::kInvalidArgument, option + " “" + path + "” cannot be written as " + ending.substr(1),
                "let the name end in " + joined(endings, " or "));
}

}  // namespace kiln
