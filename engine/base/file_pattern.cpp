#include "engine/base/file_pattern.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr const char* kHint = "in braces may stand class, n, n:03 or seed, as in {class}_{n:03}.png";
constexpr long long kMostDigits = 9;

std::string with_digits(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(text.size() < digits ? digits - text.size() : 0, '0') + text;
}

}  // namespace

FilePattern::FilePattern(std::string_view text) : text_(text) {
  while (!text.empty()) {
    const auto open = text.find_first_of("{}");
    if (open != 0) parts_.push_back({Field::kText, std::string(text.substr(0, open)), 0});
    if (open == std::string_view::npos) return;
    const auto close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos)
      throw Failure(ErrorCode::kInvalidArgument, "“" + text_ + "” has a brace without its other half", kHint);
    parts_.push_back(field_of(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
}

FilePattern::Part FilePattern::field_of(std::string_view name) {
  const auto colon = name.find(':');
  const std::string_view word = name.substr(0, colon);
  std::optional<long long> digits = 0;
  if (colon != std::string_view::npos) digits = parse_int(name.substr(colon + 1));
  const bool known = word == "class" ? colon == std::string_view::npos : word == "n" || word == "seed";
  if (!known || !digits || *digits < 0 || *digits > kMostDigits)
    throw Failure(ErrorCode::kInvalidArgument, "“{" + std::string(name) + "}” cannot stand in a file's name", kHint);
  const Field field = word == "class" ? Field::kClass : word == "n" ? Field::kNumber : Field::kSeed;
  return {field, {}, static_cast<std::size_t>(*digits)};
}

bool FilePattern::has_fields() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.field != Field::kText; });
}

std::string FilePattern::filled(const Values& values, std::uint64_t number, bool with_number) const {
  std::string path;
  for (const Part& part : parts_) {
    if (part.field == Field::kText) path += part.text;
    if (part.field == Field::kClass) path += values.class_name;
    if (part.field == Field::kSeed) path += with_digits(values.seed, part.digits);
    if (part.field == Field::kNumber) path += with_number ? with_digits(number, part.digits) : std::string("{}");
  }
  return path;
}

std::vector<std::string> FilePattern::paths(const std::vector<Values>& all) const {
  std::map<std::string, std::uint64_t> numbers;
  std::set<std::string> taken;
  std::vector<std::string> paths;
  for (const Values& values : all) {
    paths.push_back(filled(values, numbers[filled(values, 0, false)]++, true));
    if (!taken.insert(paths.back()).second)
      throw Failure(ErrorCode::kInvalidArgument, "several sprites would be “" + paths.back() + "”",
                    "put {n} into the name, as in {class}_{n:03}.png");
  }
  return paths;
}

}  // namespace kiln
