#include "engine/api/strengths.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

SampleRequest request_of(std::int64_t count) {
  SampleRequest request;
  request.model_path = "m";
  request.settings.shared_params = {{"count", count}, {"seed", std::int64_t{7}}, {"steps", std::int64_t{20}}};
  request.settings.init_image.path = "start.png";
  request.settings.init_params = {{"strength", 0.4}};
  return request;
}

double strength(const SampleRequest& request) { return std::get<double>(request.settings.init_params.at("strength")); }

TEST_CASE("Several strengths are a request for each sprite, as near to the image as its place says") {
  const auto each = spread_strengths(request_of(3), 0.2, 0.8, {"potion", "sword"});
  REQUIRE(each.size() == 3);
  const std::vector<double> strengths = {0.2, 0.5, 0.8};
  const std::vector<std::string> classes = {"potion", "sword", "potion"};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(strength(each[i]) == doctest::Approx(strengths[i]));
    CHECK(each[i].conditions == std::vector<Condition>{{{classes[i], 1}}});
    CHECK(get_int(each[i].settings.shared_params, "seed") == 7 + static_cast<std::int64_t>(i));
    CHECK(get_int(each[i].settings.shared_params, "count") == 1);
    CHECK(get_int(each[i].settings.shared_params, "steps") == 20);
    CHECK(each[i].settings.init_image.path == "start.png");
    CHECK(each[i].model_path == "m");
  }
}

TEST_CASE(
    "The request's own conditions are used in turn; one sprite has the last strength; what is out of range is brought into it") {
  SampleRequest request = request_of(4);
  request.conditions = {{{"demon", 1}}, {{"beast", 0.5}, {"demon", 0.5}}};
  const auto each = spread_strengths(request, -1, 2, {"potion"});
  CHECK(each[3].conditions == std::vector<Condition>{request.conditions[1]});
  CHECK(strength(each[0]) == doctest::Approx(0.001));
  CHECK(strength(each[3]) == 1);
  CHECK(strength(spread_strengths(request_of(1), 0.2, 0.6, {}).at(0)) == doctest::Approx(0.6));
  CHECK(spread_strengths(request_of(1), 0.2, 0.6, {}).at(0).conditions.empty());
}

}  // namespace
}  // namespace kiln
