# Public headers that have no test of their name, each with the reason. What is not in this list has to have one.

set(headers_without_test
  # They define nothing that could be wrong.
  census
  recording/recording_options
  token_id
  version
  statistic/verdict
)

# Tested in another file; each is to get a test of its name.
list(APPEND headers_without_test
  activation/pre_activation_range
  model/activations
  model/architecture
  model/check_input
  model/family/gpt2/read_config
  model/family/opt/read_config
  model/forward
  model/layer_range
  model/layer_weights
  model/layers
  model/model_weights
  model/open_model
  model/pre_activation_ranges
  model/product
  model/source_options
  model/tensor_layout
  projection/trigger_scores
  report/column_name
  report/layer_row
  statistic/activating_input
  statistic/census_rules
  statistic/layer_census
  statistic/layer_result
  statistic/pre_activation_census
  statistic/silence_census
  survey/survey_size
  tabulation/key_firings
  uint128
)
