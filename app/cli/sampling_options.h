#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "app/cli/spec_options.h"
#include "engine/api/catalog.h"

namespace kiln {

// How sprites are sampled, as told on the command line: the sampler with its parameters, and those that all samplers share.
class SamplingOptions {
 public:
  // shared: the specs of SampleSettings::shared_params, which stand under `group`.
  void add(CLI::App& command, const Catalog& catalog, const std::vector<ParamSpec>& shared, const std::string& group);

  // With the same `shared`. Throws Failure(kInvalidArgument).
  SampleSettings settings(const Catalog& catalog, const std::vector<ParamSpec>& shared) const;

 private:
  std::string sampler_;  // none: the model's
  SpecOptions specs_;
};

}  // namespace kiln
