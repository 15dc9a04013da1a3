#include "app/cli/sampling_options.h"

#include <CLI/Option.hpp>
#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

std::vector<std::string> sampler_ids(const Catalog& catalog) {
  std::vector<std::string> ids;
  for (const auto& sampler : catalog.samplers) ids.push_back(sampler.id);
  return ids;
}

}  // namespace

void SamplingOptions::add(CLI::App& command, const Catalog& catalog, const std::vector<ParamSpec>& shared,
                          const std::string& group) {
  command.add_option("--sampler", sampler_, "The sampler (" + std::string(kDefaultSampler) + ")")
      ->type_name(joined(sampler_ids(catalog), " | "));
  specs_.add(command, shared, group);
  for (const auto& sampler : catalog.samplers) specs_.add(command, sampler.params, "Sampler " + sampler.label);
}

SampleSettings SamplingOptions::settings(const Catalog& catalog, const std::vector<ParamSpec>& shared) const {
  SampleSettings settings;
  settings.sampler = sampler_;
  settings.shared_params = specs_.values(shared, "sampling");
  const auto is_shared = [&](const std::string& id) { return settings.shared_params.contains(id); };
  const std::vector<std::string> given = specs_.given();
  if (sampler_.empty() && std::all_of(given.begin(), given.end(), is_shared)) return settings;  // the model's sampler
  if (sampler_.empty()) settings.sampler = kDefaultSampler;
  const auto sampler = std::find_if(catalog.samplers.begin(), catalog.samplers.end(),
                                    [&](const SamplerInfo& info) { return info.id == settings.sampler; });
  if (sampler == catalog.samplers.end())
    throw Failure(ErrorCode::kInvalidArgument, "there is no sampler “" + sampler_ + "”", name_hint(sampler_, sampler_ids(catalog)));
  settings.sampler_params = specs_.values(sampler->params, "sampler " + sampler->id);
  for (const auto& id : given) {
    if (!is_shared(id) && !settings.sampler_params.contains(id)) {
      throw Failure(ErrorCode::kInvalidArgument, sampler->label + " has no parameter “" + id + "”",
                    "leave it out, or choose another sampler");
    }
  }
  return settings;
}

}  // namespace kiln
