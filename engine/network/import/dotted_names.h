#pragma once

#include <map>
#include <string>
#include <vector>

namespace kiln {

struct DottedName {
  std::string dotless;  // the name without dots
  std::string raw;      // the whole name of the raw tensor
};

// LitEma keeps averaged weights under the names of the raw ones without dots: “conv_inweight” for “conv_in.weight”. Gives the names
// with dots, of all raw tensors that lie with those that the names stand for; nothing unless each name stands for one.
std::map<std::string, DottedName> dotted_names(const std::vector<std::string>& dotless, const std::vector<std::string>& raw);

}  // namespace kiln
