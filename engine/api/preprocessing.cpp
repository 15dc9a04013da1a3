#include "engine/api/preprocessing.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <type_traits>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr int kLargestFactor = 64;
constexpr int kLargestNumber = 16384;

struct Anything {
  template <class T>
  operator T() const;
};

template <class T, class... Fields>
constexpr std::size_t field_count() {
  if constexpr (requires { T{Fields{}..., Anything{}}; })
    return field_count<T, Fields..., Anything>();
  else
    return sizeof...(Fields);
}

static_assert(std::size(kPreprocessingSteps) == field_count<Preprocessing>(), "each field has its row");

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure(ErrorCode::kInvalidArgument, message, hint);
}

template <class T>
constexpr bool kIsList = std::is_same_v<T, ClassNames> || std::is_same_v<T, ClassRenames>;

const Preprocessing& nothing() {
  static const Preprocessing defaults;
  return defaults;
}

template <class List>
bool has(const List& list, const typename List::value_type& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

void add(const std::string& name, ClassNames& all) {
  if (!has(all, name)) all.push_back(name);
}
void add(const ClassRenames::value_type& rename, ClassRenames& all) {
  std::erase_if(all, [&](const auto& other) { return other.first == rename.first; });
  all.push_back(rename);
}

// Calls f(value in `part`, value in `all`, default) for each step that `part` sets.
template <class Part, class All, class F>
void for_each_set(const Part& part, All& all, F f) {
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (is_set(step, part)) std::visit([&](auto field) { f(part.*field, all.*field, nothing().*field); }, step.field);
  }
}

// A value as the command line takes it; a list's entries are values.
std::string option_text(int factor) { return factor == kDetectFactor ? "auto" : std::to_string(factor); }
std::string option_text(PixelSize size) { return size_text(size, "x"); }
std::string option_text(const std::string& text) { return text; }
std::string option_text(const ClassRenames::value_type& rename) { return rename.first + "=" + rename.second; }

void read(const std::string& option, const std::string& text, int& factor) {
  const auto number = text == "auto" ? kDetectFactor : parse_int(text).value_or(-1);
  if (text != "auto" && (number < 1 || number > kLargestFactor))
    refuse(option + " “" + text + "” is no factor", "write auto, or a number from 1 to " + std::to_string(kLargestFactor));
  factor = static_cast<int>(number);
}
void read(const std::string& option, const std::string& text, PixelSize& size) { size = parse_pixels(option, text, 'x'); }
void read(const std::string&, const std::string& text, std::string& value) { value = text; }
void read(const std::string&, const std::string& text, ClassNames& names) { names.push_back(text); }
void read(const std::string&, const std::string& text, ClassRenames& renames) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    refuse("“" + text + "” is not old=new", "write --rename old=new, or --merge a=b");
  renames.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}
void read(const std::string&, const std::string&, bool& on) { on = true; }

// A value within a label.
std::string words(bool) { return {}; }
std::string words(int factor) {
  return factor == kDetectFactor ? "their true pixels"
                                 : "one of " + std::to_string(factor) + "×" + std::to_string(factor) + " pixels";
}
std::string words(PixelSize size) { return size_text(size); }
std::string words(const std::string& palette) {
  if (palette.starts_with('#')) return palette;
  if (palette.starts_with(kFittedPalette)) return palette.substr(kFittedPalette.size()) + " colours";
  return "the colours of " + std::filesystem::path(palette).filename().string();
}
std::string words(const ClassNames& names) { return "“" + joined(names, "”, “") + "”"; }
std::string words(const ClassRenames& renames) {
  std::vector<std::string> parts;
  parts.reserve(renames.size());
  for (const auto& [from, to] : renames) parts.push_back(std::string("“").append(from).append("” into “").append(to).append("”"));
  return joined(parts, ", ");
}

std::string shown_flag(const PreprocessingStep& step) { return split(step.flag, ',').front(); }

std::string quoted(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_=:./+,").find(c) != std::string_view::npos;
  });
  if (plain && !text.empty()) return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

bool is_set(const PreprocessingStep& step, const Preprocessing& preprocessing) {
  return std::visit([&](auto field) { return preprocessing.*field != nothing().*field; }, step.field);
}

bool is_list(const PreprocessingStep& step) {
  return std::visit([](auto field) { return kIsList<std::decay_t<decltype(nothing().*field)>>; }, step.field);
}

const PreprocessingStep& step_of(const Preprocessing& fix) {
  return *std::find_if(std::begin(kPreprocessingSteps), std::prev(std::end(kPreprocessingSteps)),
                       [&](const PreprocessingStep& step) { return is_set(step, fix); });
}

bool is_applied(const Preprocessing& fix, const Preprocessing& all) {
  bool applied = true;
  for_each_set(fix, all, [&]<class T>(const T& wanted, const T& now, const T& none) {
    if constexpr (kIsList<T>)
      applied = applied && std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) { return has(now, entry); });
    else
      applied = applied && now != none;
  });
  return applied;
}

void apply(const Preprocessing& fix, Preprocessing& all) {
  for_each_set(fix, all, []<class T>(const T& wanted, T& now, const T&) {
    if constexpr (kIsList<T>)
      for (const auto& entry : wanted) add(entry, now);
    else
      now = wanted;
  });
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (step.also != nullptr && is_set(step, fix)) all.*step.also = true;
  }
}

void take_back(const Preprocessing& fix, Preprocessing& all) {
  for_each_set(fix, all, []<class T>(const T& wanted, T& now, const T& none) {
    if constexpr (kIsList<T>)
      std::erase_if(now, [&](const auto& entry) { return has(wanted, entry); });
    else
      now = none;
  });
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (step.also != nullptr && fix.*step.also) all.*std::get<bool Preprocessing::*>(step.field) = false;
  }
}

std::string label_of(const Preprocessing& fix, const Preprocessing& all) {
  std::vector<std::string> labels;
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (!is_set(step, fix)) continue;
    const Preprocessing& from = is_set(step, all) && !is_list(step) ? all : fix;
    std::string label = step.label;
    if (const auto at = label.find('%'); at != std::string::npos)
      label.replace(at, 1, std::visit([&](auto field) { return words(from.*field); }, step.field));
    labels.push_back(std::move(label));
  }
  return joined(labels, ", ");
}

std::string flags_of(const Preprocessing& preprocessing) {
  std::vector<std::string> options;
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (!is_set(step, preprocessing)) continue;
    const std::string flag = shown_flag(step);
    const auto print = [&]<class T>(const T& value) {
      if constexpr (std::is_same_v<T, bool>)
        options.push_back(flag);
      else if constexpr (kIsList<T>)
        for (const auto& entry : value) options.push_back(flag + " " + quoted(option_text(entry)));
      else
        options.push_back(flag + " " + quoted(option_text(value)));
    };
    std::visit([&](auto field) { print(preprocessing.*field); }, step.field);
  }
  return joined(options, " ");
}

void set_from_text(const PreprocessingStep& step, const std::string& text, Preprocessing& preprocessing) {
  std::visit([&](auto field) { read(shown_flag(step), text, preprocessing.*field); }, step.field);
}

PixelSize parse_pixels(const std::string& option, const std::string& text, char separator) {
  const auto parts = split(text, separator);
  const auto a = parse_int(parts.front()), b = parse_int(parts.back());
  if (parts.size() > 2 || !a || !b || *a < 0 || *b < 0 || *a > kLargestNumber || *b > kLargestNumber)
    refuse(option + " “" + text + "” is not two numbers", std::string("write ") + option + " 16" + separator + "16");
  return {static_cast<int>(*a), static_cast<int>(*b)};
}

std::string size_text(PixelSize size, const char* times) {
  return std::to_string(size.width) + times + std::to_string(size.height);
}

}  // namespace kiln
