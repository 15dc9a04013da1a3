#include "engine/network/import/dotted_names.h"

#include <algorithm>
#include <set>

namespace kiln {
namespace {

std::string without_dots(std::string name) {
  std::erase(name, '.');
  return name;
}

// Beginnings of raw names, up to a dot, after which such a raw name stands.
std::set<std::string> beginnings(const std::string& dotless, const std::vector<std::string>& raw) {
  std::set<std::string> found;
  for (const auto& name : raw) {
    if (name.size() < dotless.size() || name.back() != dotless.back()) continue;
    for (std::size_t at = 0; name.size() - at >= dotless.size();) {
      if (without_dots(name.substr(at)) == dotless) found.insert(name.substr(0, at));
      const std::size_t dot = name.find('.', at);
      if (dot == std::string::npos) break;
      at = dot + 1;
    }
  }
  return found;
}

}  // namespace

std::map<std::string, DottedName> dotted_names(const std::vector<std::string>& dotless, const std::vector<std::string>& raw) {
  if (dotless.empty() ||
      std::any_of(dotless.begin(), dotless.end(), [](const auto& name) { return name.find('.') != std::string::npos; }))
    return {};
  for (const auto& beginning : beginnings(dotless.front(), raw)) {
    std::map<std::string, DottedName> names;
    std::set<std::string> there;
    for (const auto& name : raw) {
      if (!name.starts_with(beginning)) continue;
      const std::string dotted = name.substr(beginning.size());
      names[dotted] = {without_dots(dotted), name};
      there.insert(without_dots(dotted));
    }
    const bool one_each = there.size() == names.size();
    if (one_each && std::all_of(dotless.begin(), dotless.end(), [&](const auto& name) { return there.contains(name); }))
      return names;
  }
  return {};
}

}  // namespace kiln
