#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// The known name nearest to `name` by edit distance, if one is near enough to be what was meant.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known);

// "did you mean “x”?" if a known name is near, else "known: a, b, c".
std::string name_hint(std::string_view name, const std::vector<std::string>& known);

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

// Whether the bytes are UTF-8 (RFC 3629, by the lead bytes and the number that follow).
bool is_valid_utf8(std::string_view text);

// Whole-text numbers; nothing for anything else ("3x", "", "nan").
std::optional<double> parse_real(std::string_view text);
std::optional<long long> parse_int(std::string_view text);
std::optional<unsigned long long> parse_unsigned(std::string_view text);

}  // namespace kiln
