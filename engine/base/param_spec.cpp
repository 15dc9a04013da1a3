#include "engine/base/param_spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

std::string number_text(double value) {
  std::array<char, 64> digits{};
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-5 && size < 1e16);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
  return std::string(digits.data(), end);
}

std::string type_text(const ParamSpec& spec) {
  switch (spec.fallback.index()) {
    case 0:
      return "true or false";
    case 1:
      return "a whole number";
    case 2:
      return "a number";
    default:
      return spec.choices.empty() ? "a text" : "one of " + joined(spec.choices, ", ");
  }
}

std::string wanted_text(const ParamSpec& spec) {
  std::string text = type_text(spec);
  if (spec.fallback.index() == 1 || spec.fallback.index() == 2) {
    const auto [low, high] = range_texts(spec);
    text += " from " + low + " to " + high;
    if (!spec.unit.empty()) text += " " + spec.unit;
  }
  return text;
}

[[noreturn]] void refuse(const ParamSpec& spec, std::string_view shown, std::string_view owner) {
  const std::string quoted = "“" + std::string(shown.substr(0, 80)) + "”";
  std::string hint = "give " + wanted_text(spec);
  if (!spec.choices.empty()) hint = name_hint(shown, spec.choices);
  throw Failure(ErrorCode::kInvalidArgument, std::string(owner) + ": “" + spec.id + "” cannot be " + quoted, std::move(hint));
}

// A whole number that is not below 0.
std::optional<std::uint64_t> unsigned_of(const ParamValue& value) {
  if (const auto* large = std::get_if<std::uint64_t>(&value)) return *large;
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr && *whole >= 0 ? std::optional(static_cast<std::uint64_t>(*whole)) : std::nullopt;
}

// The value as the type of `spec`, within its range.
ParamValue checked(const ParamSpec& spec, ParamValue value, std::string_view owner) {
  const std::string shown = to_string(value);
  if (std::holds_alternative<double>(spec.fallback)) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) value = static_cast<double>(*whole);
    if (const auto* large = std::get_if<std::uint64_t>(&value)) value = static_cast<double>(*large);
  }
  if (spec.is_seed()) {
    const auto seed = unsigned_of(value);
    if (!seed || *seed > spec.largest_seed) refuse(spec, shown, owner);
    return whole_number(*seed);
  }
  if (value.index() != spec.fallback.index()) refuse(spec, shown, owner);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    const auto number = static_cast<double>(*whole);
    if (number < spec.min || number > spec.max) refuse(spec, shown, owner);
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (!(*real >= spec.min && *real <= spec.max) || !std::isfinite(*real)) refuse(spec, shown, owner);
  } else if (const auto* text = std::get_if<std::string>(&value); text && !spec.choices.empty()) {
    if (std::find(spec.choices.begin(), spec.choices.end(), *text) == spec.choices.end()) refuse(spec, shown, owner);
  }
  return value;
}

const ParamValue& value_of(const ParamMap& values, std::string_view id) {
  const auto found = values.find(id);
  if (found == values.end()) {
    throw Failure(ErrorCode::kInternal, "parameter “" + std::string(id) + "” was asked for but not declared",
                  "this is a defect of the program, please report it");
  }
  return found->second;
}

template <class T>
const T& typed_value_of(const ParamMap& values, std::string_view id) {
  if (const T* value = std::get_if<T>(&value_of(values, id))) return *value;
  throw Failure(ErrorCode::kInternal, "parameter “" + std::string(id) + "” was asked for as another type than it has",
                "this is a defect of the program, please report it");
}

}  // namespace

ParamValue whole_number(std::uint64_t value) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return value > kLargest ? ParamValue(value) : ParamValue(static_cast<std::int64_t>(value));
}

ParamMap defaults_of(const std::vector<ParamSpec>& specs) {
  ParamMap values;
  for (const ParamSpec& spec : specs) values.emplace(spec.id, spec.fallback);
  return values;
}

std::vector<ParamSpec> with_fallbacks(std::vector<ParamSpec> specs, const ParamMap& values) {
  const ParamMap known = known_params(specs, values);
  for (ParamSpec& spec : specs) {
    if (const auto found = known.find(spec.id); found != known.end()) spec.fallback = found->second;
  }
  return specs;
}

ParamMap validated(const std::vector<ParamSpec>& specs, const ParamMap& given, std::string_view owner) {
  ParamMap values = defaults_of(specs);
  for (const auto& [id, value] : given) values.insert_or_assign(id, checked(find_spec(specs, id, owner), value, owner));
  return values;
}

ParamMap known_params(const std::vector<ParamSpec>& specs, const ParamMap& given) {
  ParamMap known;
  for (const ParamSpec& spec : specs) {
    const auto found = given.find(spec.id);
    if (found == given.end()) continue;
    try {
      known.emplace(spec.id, checked(spec, found->second, ""));
    } catch (const Failure&) {
    }
  }
  return known;
}

ParamValue brought_into_range(const ParamSpec& spec, const ParamValue& value) {
  if (spec.is_seed()) return whole_number(std::min(unsigned_of(value).value_or(0), spec.largest_seed));
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return std::clamp(*whole, static_cast<std::int64_t>(spec.min), static_cast<std::int64_t>(spec.most()));
  if (const auto* real = std::get_if<double>(&value)) return std::clamp(*real, spec.min, spec.most());
  return value;
}

ParamValue parse_param(const ParamSpec& spec, std::string_view text, std::string_view owner) {
  const std::string_view plain = trimmed(text);
  switch (spec.fallback.index()) {
    case 0:
      for (const std::string_view yes : {"true", "on", "yes", "1"}) {
        if (plain == yes) return true;
      }
      for (const std::string_view no : {"false", "off", "no", "0"}) {
        if (plain == no) return false;
      }
      break;
    case 1:
      if (const auto whole = parse_int(plain)) return checked(spec, std::int64_t{*whole}, owner);
      if (const auto large = parse_unsigned(plain)) return checked(spec, whole_number(*large), owner);
      break;
    case 2:
      if (const auto real = parse_real(plain)) return checked(spec, *real, owner);
      break;
    default:
      return checked(spec, std::string(text), owner);
  }
  refuse(spec, text, owner);
}

const ParamSpec& find_spec(const std::vector<ParamSpec>& specs, std::string_view id, std::string_view owner) {
  for (const ParamSpec& spec : specs) {
    if (spec.id == id) return spec;
  }
  std::vector<std::string> known;
  known.reserve(specs.size());
  for (const ParamSpec& spec : specs) known.push_back(spec.id);
  throw Failure(ErrorCode::kInvalidArgument, std::string(owner) + ": there is no parameter “" + std::string(id.substr(0, 80)) + "”",
                name_hint(id, known));
}

std::string to_string(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* large = std::get_if<std::uint64_t>(&value)) return std::to_string(*large);
  if (const auto* real = std::get_if<double>(&value)) return number_text(*real);
  return std::get<std::string>(value);
}

std::pair<std::string, std::string> range_texts(const ParamSpec& spec) {
  if (spec.is_seed()) return {"0", std::to_string(spec.largest_seed)};
  return {number_text(spec.min), number_text(spec.max)};
}

bool get_bool(const ParamMap& values, std::string_view id) { return typed_value_of<bool>(values, id); }

std::int64_t get_int(const ParamMap& values, std::string_view id) { return typed_value_of<std::int64_t>(values, id); }

std::uint64_t get_seed(const ParamMap& values, std::string_view id) {
  if (const auto* large = std::get_if<std::uint64_t>(&value_of(values, id))) return *large;
  return static_cast<std::uint64_t>(get_int(values, id));
}

double get_real(const ParamMap& values, std::string_view id) { return typed_value_of<double>(values, id); }

const std::string& get_text(const ParamMap& values, std::string_view id) { return typed_value_of<std::string>(values, id); }

}  // namespace kiln
