#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/session/support.h"

#include <doctest/doctest.h>  // after torch

namespace kiln::test {

// A run of a small network; a step takes milliseconds.
inline TrainRequest small_request(const TemporaryFolder& folder, const ParamMap& changes = {}) {
  TrainRequest request;
  request.source.path = make_data_folder(folder);
  request.out = folder / "mine.safetensors";
  request.threads = 1;
  request.overrides = {
      {"width", std::int64_t{16}},        {"multipliers", std::string("1,2")},  {"blocks", std::int64_t{1}},
      {"embedding", std::int64_t{32}},    {"head_channels", std::int64_t{16}},  {"group_channels", std::int64_t{8}},
      {"steps", std::int64_t{30}},        {"batch", std::int64_t{4}},           {"warmup", std::int64_t{2}},
      {"precision", std::string("fp32")}, {"evaluate_every", std::int64_t{10}}, {"checkpoint_every", std::int64_t{10}},
      {"sample_every", std::int64_t{10}}, {"sample_columns", std::int64_t{2}},  {"validation_share", 0.2}};
  for (const auto& [key, value] : changes) request.overrides[key] = value;
  return request;
}

template <class T>
std::vector<T> all(const Listener& engine, JobId job) {
  std::vector<T> found;
  for (const auto& event : engine.events) {
    if (const auto* one = std::get_if<T>(&event); one != nullptr && one->job == job) found.push_back(*one);
  }
  return found;
}

inline void finish(Listener& engine, JobId job, Outcome outcome = Outcome::kDone) {
  REQUIRE(engine.wait_for_end(job));
  INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
  REQUIRE(engine.ended(job)->outcome == outcome);
}

// Whether it gets so far; it may also have ended.
inline bool wait_for_step(Listener& engine, JobId job, std::int64_t step) {
  return engine.wait([&] {
    return engine.ended(job) != nullptr || std::any_of(engine.progress.begin(), engine.progress.end(),
                                                       [&](const Progress& p) { return p.job == job && p.step >= step; });
  });
}

inline std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

}  // namespace kiln::test
