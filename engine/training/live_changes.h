#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln {

// The recipe with other values of parameters that are live. Throws Failure(kInvalidArgument) for other keys, bad values, and those
// that do not go together.
ParamMap changed_recipe(const ParamMap& recipe, const ParamMap& changes);
// Throws Failure(kInvalidArgument) for a recipe whose best_by needs what is never measured.
void check_best_by(const ParamMap& recipe);

// Changes as numbers that processes can add up where one of them asks and the others give zeros: of each live parameter whether it
// is changed, and its value.
std::size_t change_numbers();  // how many
std::vector<double> numbers_of_changes(const ParamMap& changes);
// What was asked for, `numbers` as above; nothing where all are zero.
ParamMap changes_of_numbers(const double* numbers);

// A change of a run that another process trains is asked for by a file in the run's folder, change.json, a flat JSON object.
// Throws Failure: as changed_recipe, as write_file. What was asked for before and is not done yet stays, unless it is asked for
// anew.
void request_change(const std::filesystem::path& run, const ParamMap& changes);

// What is asked for, which then counts as taken until forget_taken_change; what a process that was killed had taken comes first.
// Throws Failure for a file that asks for what cannot be; it is gone then.
std::optional<ParamMap> take_requested_change(const std::filesystem::path& run);
void forget_taken_change(const std::filesystem::path& run);
// Removes all that is asked for; whether anything was.
bool drop_requested_changes(const std::filesystem::path& run);

}  // namespace kiln
