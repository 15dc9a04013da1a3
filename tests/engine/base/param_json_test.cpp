#include "engine/base/param_json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace kiln;
using nlohmann::json;

TEST_CASE("parameters are the same after JSON, each of its own type") {
  const ParamMap values = {{"clamp", true}, {"steps", 25}, {"guidance", 3.0}, {"tiny", 1.25e-7}, {"spacing", "trailing"}};
  const ParamMap again = json::parse(json(values).dump()).get<ParamMap>();
  CHECK(again == values);
  CHECK(std::holds_alternative<double>(again.at("guidance")));
  CHECK(json(ParamMap{}).dump() == "{}");
}

TEST_CASE("what an earlier version wrote is read") {
  const ParamMap values =
      json::parse(R"({"clamp": false, "eta": 0.5, "guidance": 7, "seed": 4294967295, "spacing": "leading"})").get<ParamMap>();
  CHECK(values == ParamMap{{"clamp", false}, {"eta", 0.5}, {"guidance", 7}, {"seed", 4294967295}, {"spacing", "leading"}});
}

TEST_CASE("a whole number of 64 bits is exact in JSON, and its neighbour is another") {
  for (const char* text : {"9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615"}) {
    CAPTURE(text);
    const auto value = json::parse(text).get<ParamValue>();
    CHECK(to_string(value) == text);
    CHECK(json(value).dump() == text);
    CHECK(value == whole_number(std::stoull(text)));
    CHECK(value != whole_number(std::stoull(text) - 1));
  }
}

TEST_CASE("what is no parameter is refused; a whole number of more than 64 bits is no whole number") {
  for (const char* text : {R"({"a": null})", R"({"a": [1]})", R"({"a": {}})", "[1]", "3"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(json::parse(text).get<ParamMap>(), json::exception);
  }
  CHECK(std::holds_alternative<double>(json::parse("18446744073709551616").get<ParamValue>()));
}
