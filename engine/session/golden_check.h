#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/diffusion/denoiser.h"
#include "engine/network/model.h"

namespace kiln {

// How far one tensor of a golden file is from what the model gives.
struct GoldenError {
  double error = 0;        // the largest, absolute
  double largest = 0;      // absolute value expected
  bool whole_run = false;  // it came out of a run of many steps
  double amplified = 0;    // how often the rounding of ε is in it, for predictions of x0 step by step: 1 / √ᾱ

  // What the error is measured by: 1; 10 for whole runs, whose errors add up; the largest value where that is larger, since fp32
  // keeps seven digits of it (at 79,149, where one golden run ends, two neighbouring fp32 numbers are 0.008 apart); `amplified`
  // where that is.
  double scale() const;
  double relative() const { return error / scale(); }
  bool within(double tolerance) const { return relative() <= tolerance; }
};

// By their keys in the file.
using GoldenErrors = std::map<std::string, GoldenError>;

// How a model's network is evaluated.
using MakeDenoiser = std::function<std::unique_ptr<Denoiser>(const Model&)>;

// Runs on the CPU, in fp32 and the fastest way that there is if no other is given, what a golden file asks for: single evaluations
// (x, t, c → eps), noise schedules (betas, posterior_variance) and whole runs (….x_0, ddpm.x0_every_step) from their first noise
// (x_T) with their recorded noise. Runs are made as the family's own code makes them (engine/network/import/README.md says how keys
// are read). Throws Failure: as read_safetensors does; kUnsupported if nothing in the file can be checked on this model.
GoldenErrors check_golden(const std::shared_ptr<const Model>& model, const std::filesystem::path& golden,
                          const MakeDenoiser& denoiser_of = {});

}  // namespace kiln
