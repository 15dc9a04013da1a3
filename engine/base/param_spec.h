#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kiln {

// A whole number is a std::int64_t; one that is too large for that, as a seed may be, a std::uint64_t (whole_number).
using ParamValue = std::variant<bool, std::int64_t, double, std::string, std::uint64_t>;
using ParamMap = std::map<std::string, ParamValue, std::less<>>;  // by ParamSpec::id

inline constexpr std::uint64_t kLargestSeed = 18446744073709551615u;  // 2^64 - 1: all bits count

// One parameter of a request, a sampler, a recipe or a network, declared once: its place and editor in the window, command-line
// flag, JSON key and validation follow. The alternative that `fallback` holds is the parameter's type.
struct ParamSpec {
  std::string id;         // JSON key and flag, `snake_case`
  std::string label;      // what the window shows
  std::string unit = {};  // "" where there is none
  ParamValue fallback;
  double min = 0;  // numbers: inclusive range
  double max = 0;
  std::uint64_t largest_seed = 0;         // seeds, whole numbers of 64 bits: from 0 to this, and no `min` and `max`; 0: it is none
  bool logarithmic = false;               // numbers: the slider's scale
  std::vector<std::string> choices = {};  // strings: the values allowed; empty allows any
  std::string form = {};                  // strings of any text: what may stand there ("FILE | off"), for help and completion
  std::string help = {};                  // one sentence

  // For editors.
  std::string group = {};      // the heading it stands under; "": that of the one before
  bool basic = false;          // among the first to show; the others are under “More”
  std::string zero_text = {};  // numbers: what 0 means ("only the end")
  double shown_max = 0;        // numbers: the end of the slider, where that is before `max`; else 0

  // Of recipes.
  bool live = false;          // can be changed while a run is under way
  bool of_model = false;      // decided by the model that a run starts from
  bool changes_loss = false;  // losses of runs that differ in it do not mean the same
  bool same_speed = false;    // changes neither the network's size nor the speed of training

  // The largest number that an editor offers.
  double most() const { return shown_max > 0 ? shown_max : max; }
  bool is_seed() const { return largest_seed > 0; }
};

// As a parameter holds it: the same number is the same value.
ParamValue whole_number(std::uint64_t value);

// The parameter's fallback values.
ParamMap defaults_of(const std::vector<ParamSpec>& specs);

// `specs` with these values as their fallbacks. What they do not have, or cannot be, is left out.
std::vector<ParamSpec> with_fallbacks(std::vector<ParamSpec> specs, const ParamMap& values);

// `given` over the defaults. Whole numbers are taken where a real number is wanted.
// Throws Failure(kInvalidArgument) for an unknown key (naming the nearest known one), a wrong type, or a value out of range;
// `owner` says whose parameters these are ("recipe", "sampler ddim").
ParamMap validated(const std::vector<ParamSpec>& specs, const ParamMap& given, std::string_view owner);

// Of `given`, what `specs` have, as their types: for values that another version of the program wrote. Throws nothing.
ParamMap known_params(const std::vector<ParamSpec>& specs, const ParamMap& given);

// A number brought into what an editor offers; anything else as it is.
ParamValue brought_into_range(const ParamSpec& spec, const ParamValue& value);

// Reads `text` as the type of `spec` and checks its range. Throws as `validated` does.
ParamValue parse_param(const ParamSpec& spec, std::string_view text, std::string_view owner);

// Throws Failure(kInvalidArgument), naming the nearest known one, when there is no such parameter.
const ParamSpec& find_spec(const std::vector<ParamSpec>& specs, std::string_view id, std::string_view owner);

std::string to_string(const ParamValue& value);

// The smallest and the largest number that it may be.
std::pair<std::string, std::string> range_texts(const ParamSpec& spec);

bool get_bool(const ParamMap& values, std::string_view id);
std::int64_t get_int(const ParamMap& values, std::string_view id);
std::uint64_t get_seed(const ParamMap& values, std::string_view id);
double get_real(const ParamMap& values, std::string_view id);
const std::string& get_text(const ParamMap& values, std::string_view id);

}  // namespace kiln
