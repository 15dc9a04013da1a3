#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// Throws Failure(kCorrupt): the file `name` is no sheet's JSON, for the reason `what`.
[[noreturn]] void refuse_sheet_json(std::string_view name, const std::string& what, const std::string& detail = {});

// The document in UTF-8 text of a sheet's JSON file. Line breaks and tabs inside of texts are read as spaces, which a note tells.
// Throws Failure: kCorrupt (no JSON, with line and column; nested too deeply; more than a million values; frames that share a key),
// kUnsupported (what it is instead: a web page, a pointer of Git LFS, …).
nlohmann::ordered_json parse_sheet_json(const std::string& text, std::string_view name, std::vector<std::string>& notes);

}  // namespace kiln
