"""Terraform types that AWS does not charge for in themselves; what they configure is charged where it runs.

Only what AWS documents as free, or what is no resource of AWS at all. When in doubt a type is not listed:
it is then shown as not priced, which is honest, instead of free, which may be wrong.
"""

from functools import cache

# Providers that run on the machine that runs Terraform, by the last part of their name.
LOCAL_PROVIDERS = frozenset(
    ("archive", "cloudinit", "external", "http", "local", "null", "random", "template", "terraform")
)
LOCAL_PROVIDERS |= {"time", "tls"}
# https://aws.amazon.com/iam/faqs/, https://aws.amazon.com/vpc/pricing/ and the pricing page of each service.
TYPES = """
    aws_ec2_instance_connect_endpoint aws_account_alternate_contact aws_acm_certificate_validation aws_alb_listener
    aws_alb_listener_rule aws_alb_target_group aws_alb_target_group_attachment aws_ami_launch_permission
    aws_api_gateway_account aws_api_gateway_api_key aws_api_gateway_authorizer aws_api_gateway_base_path_mapping
    aws_api_gateway_deployment aws_api_gateway_domain_name aws_api_gateway_gateway_response
    aws_api_gateway_integration aws_api_gateway_integration_response aws_api_gateway_method
    aws_api_gateway_method_response aws_api_gateway_method_settings aws_api_gateway_model
    aws_api_gateway_request_validator aws_api_gateway_resource aws_api_gateway_rest_api_policy
    aws_api_gateway_usage_plan aws_api_gateway_usage_plan_key aws_apigatewayv2_api_mapping
    aws_apigatewayv2_authorizer aws_apigatewayv2_deployment aws_apigatewayv2_domain_name
    aws_apigatewayv2_integration aws_apigatewayv2_integration_response aws_apigatewayv2_model aws_apigatewayv2_route
    aws_apigatewayv2_route_response aws_apigatewayv2_stage aws_apigatewayv2_vpc_link aws_appautoscaling_policy
    aws_appautoscaling_scheduled_action aws_appautoscaling_target aws_autoscaling_attachment
    aws_autoscaling_lifecycle_hook aws_autoscaling_notification aws_autoscaling_policy aws_autoscaling_schedule
    aws_cloudwatch_event_permission aws_cloudwatch_event_rule aws_cloudwatch_event_target
    aws_cloudwatch_log_resource_policy aws_cloudwatch_log_stream aws_cloudwatch_log_subscription_filter
    aws_db_option_group aws_db_parameter_group aws_db_subnet_group aws_default_network_acl aws_default_route_table
    aws_default_security_group aws_default_subnet aws_default_vpc aws_default_vpc_dhcp_options
    aws_dynamodb_resource_policy aws_ebs_default_kms_key aws_ebs_encryption_by_default
    aws_ecs_account_setting_default aws_ecs_capacity_provider aws_ecs_cluster aws_ecs_cluster_capacity_providers
    aws_ecs_task_definition aws_egress_only_internet_gateway aws_eip_association aws_iam_access_key
    aws_iam_account_alias aws_iam_account_password_policy aws_iam_group aws_iam_group_membership
    aws_iam_group_policy aws_iam_group_policy_attachment aws_iam_instance_profile aws_iam_openid_connect_provider
    aws_iam_policy aws_iam_policy_attachment aws_iam_role aws_iam_role_policies_exclusive aws_iam_role_policy
    aws_iam_role_policy_attachment aws_iam_saml_provider aws_iam_server_certificate aws_iam_service_linked_role
    aws_iam_user aws_iam_user_group_membership aws_iam_user_login_profile aws_iam_user_policy
    aws_iam_user_policy_attachment aws_internet_gateway aws_internet_gateway_attachment aws_key_pair
    aws_lambda_alias aws_lambda_function_event_invoke_config aws_lambda_function_url
    aws_lambda_layer_version aws_lambda_layer_version_permission aws_lambda_permission aws_launch_configuration
    aws_launch_template aws_lb_listener aws_lb_listener_certificate aws_lb_listener_rule aws_lb_target_group
    aws_lb_target_group_attachment aws_main_route_table_association aws_network_acl aws_network_acl_association
    aws_network_acl_rule aws_network_interface aws_network_interface_attachment aws_network_interface_sg_attachment
    aws_placement_group aws_redshift_cluster_iam_roles aws_redshift_parameter_group aws_redshift_scheduled_action
    aws_redshift_snapshot_schedule aws_redshift_snapshot_schedule_association aws_redshift_subnet_group
    aws_redshift_usage_limit aws_redshiftserverless_namespace aws_redshiftserverless_resource_policy
    aws_redshiftserverless_usage_limit aws_resourcegroups_group aws_route aws_route_table
    aws_route_table_association aws_s3_account_public_access_block aws_s3_bucket_acl
    aws_s3_bucket_cors_configuration aws_s3_bucket_lifecycle_configuration aws_s3_bucket_logging
    aws_s3_bucket_notification aws_s3_bucket_ownership_controls aws_s3_bucket_policy
    aws_s3_bucket_public_access_block aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning
    aws_s3_bucket_website_configuration aws_security_group aws_security_group_rule aws_sns_topic_policy
    aws_sns_topic_subscription aws_sqs_queue_policy aws_sqs_queue_redrive_allow_policy aws_sqs_queue_redrive_policy
    aws_ssm_document aws_subnet aws_volume_attachment aws_vpc aws_vpc_dhcp_options aws_vpc_dhcp_options_association
    aws_vpc_endpoint_route_table_association aws_vpc_ipv4_cidr_block_association aws_vpc_peering_connection
    aws_vpc_peering_connection_accepter aws_vpc_peering_connection_options aws_vpc_security_group_egress_rule
    aws_vpc_security_group_ingress_rule
"""
FREE_TYPES = frozenset(TYPES.split())


@cache
def is_free(type: str, provider: str) -> bool:
    """Whether AWS charges nothing for a resource of this type in itself."""
    if type.startswith("aws_"):
        return type in FREE_TYPES
    return (provider.rpartition("/")[2] or type.partition("_")[0]) in LOCAL_PROVIDERS
