#pragma once

#include <torch/cuda.h>

#include <doctest/doctest.h>  // after torch

// A test case that needs a GPU. ctest runs those of a module as an entry of their own.
#define GPU_TEST_CASE(name) TEST_CASE(name* doctest::test_suite("gpu") * doctest::skip(!torch::cuda::is_available()))
