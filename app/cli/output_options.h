#pragma once

#include <string>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// "potion=1,sword=0.5", "potion": a class or a mix, as an option takes it. Throws Failure(kInvalidArgument).
Condition parse_condition(const std::string& option, const std::string& text);

// A number that an option may have. Throws Failure(kInvalidArgument).
int in_range(const std::string& option, long long value, long long low, long long high);

// ".png" of "SHEET.PNG".
std::string lower_ending(const std::string& path);

// What is written is what the name says. Throws Failure(kInvalidArgument).
void check_ending(const std::string& option, const std::string& path, const std::vector<std::string>& endings);

}  // namespace kiln
