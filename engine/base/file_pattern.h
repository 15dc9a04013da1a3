#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// The name of a file for each of many things: “{class}_{n:03}.png”. In braces may stand class; seed; and n, the number from 0 among
// those files whose names are the same otherwise. “:03” behind n or seed writes at least three digits.
class FilePattern {
 public:
  // Throws Failure(kInvalidArgument) for a brace without its other half or something else in it, naming it.
  explicit FilePattern(std::string_view text);

  bool has_fields() const;

  struct Values {
    std::string class_name;  // as it may stand in a file's name
    std::uint64_t seed = 0;
  };
  // One path for each. Throws Failure(kInvalidArgument) if two are the same.
  std::vector<std::string> paths(const std::vector<Values>& all) const;

 private:
  enum class Field { kText, kClass, kNumber, kSeed };
  struct Part {
    Field field = Field::kText;
    std::string text;
    std::size_t digits = 0;
  };
  static Part field_of(std::string_view name);
  std::string filled(const Values& values, std::uint64_t number, bool with_number) const;

  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace kiln
