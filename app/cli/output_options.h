#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// "potion=1,sword=0.5", "potion": a class or a mix, as an option takes it. Throws Failure(kInvalidArgument).
Condition parse_condition(const std::string& option, const std::string& text);

// A number that an option may have. Throws Failure(kInvalidArgument).
int in_range(const std::string& option, long long value, long long low, long long high);

// --force, which check_new_file() takes.
void add_force(CLI::App& command, bool& force);

// Throws Failure(kUnwritable) unless a file may be written there: it can be, and none is there, or `force` lets it be replaced.
void check_new_file(const std::string& path, bool force);

// The same of a PNG that `option` names. Throws Failure(kInvalidArgument) if its name does not end so.
void check_new_picture(std::string_view option, const std::string& path, bool force);

// Of a model file's name: throws Failure(kInvalidArgument) unless it ends in .safetensors or .st.
void check_model_ending(const std::string& path);

// Nothing that was learned is replaced unasked. Throws Failure(kInvalidArgument) if one of these files is there.
void check_no_run(const std::vector<std::filesystem::path>& files);

}  // namespace kiln
