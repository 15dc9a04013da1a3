#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln {

// Command-line options made from ParamSpecs: `guidance_from` becomes --guidance-from. Values are read as text and checked later,
// by the spec's own rules.
class SpecOptions {
 public:
  // `flags`: what is off by default is turned on by its name alone.
  void add(CLI::App& command, const std::vector<ParamSpec>& specs, const std::string& group, bool flags = false);

  // The given ones among `specs`, checked. Throws as parse_param; `owner` says whose they are.
  ParamMap values(const std::vector<ParamSpec>& specs, std::string_view owner) const;
  // Ids that were given, of any spec added.
  std::vector<std::string> given() const;

 private:
  std::map<std::string, std::string> texts_;  // by id; addresses stay
  std::map<std::string, CLI::Option*> options_;
};

// A seed of a command that has no ParamSpec for it; `take` is given what is read. Throws Failure(kInvalidArgument) while the
// command line is read, for what is no whole number of 64 bits from 0 on.
void add_seed_option(CLI::App& command, const std::string& flag, std::function<void(std::uint64_t)> take, const std::string& help);

// "  steps   Steps — Length of the run (20000)" lines for help texts.
std::string spec_table(const std::vector<ParamSpec>& specs);

}  // namespace kiln
