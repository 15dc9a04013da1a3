#include "engine/session/catalog.h"

#include "engine/base/cpu.h"
#include "engine/diffusion/run_config.h"
#include "engine/diffusion/sampler.h"
#include "engine/network/import/family.h"
#include "engine/network/import/import.h"
#include "engine/session/devices.h"
#include "engine/training/recipe.h"

namespace kiln {

namespace {

NetworkInfo info_of(const NetworkKind& kind) {
  NetworkInfo info{kind.id, {}};
  for (const auto& param : kind.params) info.params.push_back(recipe_key(kind, param));
  return info;
}

}  // namespace

Catalog make_catalog() {
  Catalog catalog;
  for (const auto& sampler : samplers()) catalog.samplers.push_back({sampler.id, sampler.label, sampler.help, sampler.params});
  catalog.sampling = sampling_specs();
  catalog.recipe = recipe_specs();
  for (const auto& preset : recipe_presets())
    catalog.recipes.push_back({preset.id, preset.label, preset.help, preset.values, preset.needs_init});
  for (const auto& kind : network_kinds()) catalog.networks.push_back(info_of(kind));
  catalog.import = import_specs();
  for (const auto& family : families()) catalog.families.push_back(family.id);
  catalog.device_name = cuda_available() ? "CUDA" : cpu_name();
  return catalog;
}

}  // namespace kiln
