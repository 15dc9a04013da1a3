#include "app/state/lab_settings.h"

#include <doctest/doctest.h>

#include "app/state/generate_settings.h"
#include "tests/app/support/small_model.h"

namespace kiln {
namespace {

TEST_CASE("The Lab's settings become as another model has them, but for those that were set by hand") {
  LabSettings settings;
  ModelInfo plain = test::three_class_model(), tuned = plain, other = plain;
  tuned.sampling = {{"guidance", 3.0}, {"rescale", 0.5}, {"sampler", std::string("ddpm")}};
  other.sampling = {{"guidance", 4.0}, {"steps", std::int64_t{12}}};
  const auto value = [&](const char* id) { return to_string(settings.values.at(id)); };
  follow_model(settings, plain);
  CHECK(settings == LabSettings());
  follow_model(settings, tuned);
  CHECK(value("guidance") == "3");
  CHECK(value("rescale") == "0.5");
  CHECK(settings.values.size() == lab_params().size());
  settings.values["guidance"] = 7.0;  // by hand
  settings.values["seed"] = std::int64_t{5};
  follow_model(settings, tuned);
  follow_model(settings, other);
  CHECK(value("guidance") == "7");
  CHECK(value("rescale") == "0");
  CHECK(value("steps") == "12");
  CHECK(value("seed") == "5");
  follow_model(settings, plain);
  CHECK(value("steps") == "25");
}

TEST_CASE("The Lab's sliders go back to what the model has, and reach as far as it allows") {
  const Catalog catalog = test::small_catalog();
  ModelInfo model = test::three_class_model();
  model.sampling = {{"guidance", 4.0}};
  model.timesteps = 40;
  const std::vector<ParamSpec> specs = lab_params_for(catalog, &model);
  CHECK(specs.size() == lab_params().size());
  CHECK(find_spec(specs, "guidance", "").fallback == ParamValue(4.0));
  CHECK(find_spec(specs, "steps", "").most() == 40);
  CHECK(lab_params_for(catalog, nullptr).size() == lab_params().size());
  model.distilled = true;
  for (const ParamSpec& spec : lab_params_for(catalog, &model)) CHECK(spec.id != "rescale");
}

}  // namespace
}  // namespace kiln
